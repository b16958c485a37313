using RabbitMQ.Client;

namespace PartsWorker.Queues;

/// <summary>
/// Counts the messages and consumers of a queue. RabbitMQ reports 0 of both when a quorum queue does not answer within 250 ms, for example
/// while it elects a leader, so two zeros count only if several answers in a row agree.
/// </summary>
internal static class QueueCount
{
    private const int Answers = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="channel">The broker closes it if the queue does not exist.</param>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static Task<QueueDeclareOk> ReadAsync(IChannel channel, string queue, CancellationToken ct) =>
        ReadAsync(() => channel.QueueDeclarePassiveAsync(queue, ct), Pause, ct);

    /// <param name="ask">Asks the broker once.</param>
    /// <param name="pause">Time between two questions.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static async Task<QueueDeclareOk> ReadAsync(Func<Task<QueueDeclareOk>> ask, TimeSpan pause, CancellationToken ct)
    {
        var answer = await ask();
        for (var asked = 1; asked < Answers && answer is { MessageCount: 0, ConsumerCount: 0 }; asked++)
        {
            await Task.Delay(pause, ct);
            answer = await ask();
        }

        return answer;
    }
}
