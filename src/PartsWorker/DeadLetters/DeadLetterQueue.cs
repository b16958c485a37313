using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PartsWorker.Client;
using PartsWorker.Queues;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.DeadLetters;

/// <summary>
/// Reads the dead letters without removing them: each is held unacknowledged until it is removed or this object is disposed, and then
/// returns to its position in the queue. A second reader sees only the letters that are not held. If the process is killed, the broker
/// returns all of them.
/// </summary>
internal sealed class DeadLetterQueue : IAsyncDisposable
{
    // Held letters per consumer; another consumer is added when one is full, so that a queue of any length can be read.
    private const ushort HeldPerConsumer = 10_000;

    // Another reader may hold some of the counted letters; deliveries then stop before the count is reached.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _holding;
    private readonly IChannel _publishing;
    private readonly PartsTopology _topology;
    private readonly CancellationTokenSource _closing = new();

    private DeadLetterQueue(IConnection connection, IChannel holding, IChannel publishing, PartsTopology topology) =>
        (_connection, _holding, _publishing, _topology) = (connection, holding, publishing, topology);

    public static async Task<DeadLetterQueue> OpenAsync(
        ConnectionFactory factory, PartsTopology topology, bool declare, CancellationToken ct)
    {
        var connection = await RabbitConnections.ConnectAsync(factory, ct);
        try
        {
            var holding = await connection.CreateChannelAsync(cancellationToken: ct);
            if (declare)
            {
                await topology.DeclareAsync(holding, ct);
            }

            await holding.BasicQosAsync(0, HeldPerConsumer, global: false, ct);
            var confirms = new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null);
            var publishing = await connection.CreateChannelAsync(confirms, ct);
            return new DeadLetterQueue(connection, holding, publishing, topology);
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            throw error is OperationInterruptedException refused
                ? new RabbitConnectionException($"RabbitMQ refused access to the queue: {refused.ShutdownReason?.ReplyText}", inner: error)
                : error;
        }
    }

    /// <summary>Counts the letters that no reader holds now; to be called before they are read.</summary>
    public async Task<LetterCount> CountAsync(CancellationToken ct)
    {
        var answer = await QueueCount.ReadAsync(_holding, _topology.DeadQueue, ct);
        return new LetterCount(answer.MessageCount, answer.ConsumerCount > 0);
    }

    /// <summary>
    /// Reads the oldest letters; fewer than <paramref name="count"/> if another reader takes some of them meanwhile. Letters that arrive
    /// after the counting are left for the next call.
    /// </summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync(long count, [EnumeratorCancellation] CancellationToken ct)
    {
        var letters = Channel.CreateBounded<DeadLetter>(256);
        var consumers = 0L;
        for (var seen = 0L; seen < count; seen++)
        {
            if (seen == consumers * HeldPerConsumer)
            {
                await ConsumeAsync(letters.Writer, ct);
                consumers++;
            }

            DeadLetter letter;
            try
            {
                letter = await letters.Reader.ReadAsync(ct).AsTask().WaitAsync(MaxPause, ct);
            }
            catch (TimeoutException) when (_holding.IsOpen)
            {
                yield break;
            }

            yield return letter;
        }
    }

    /// <summary>Sends a letter to its lane with its attempts reset, and removes it from the dead letters once the lane has it.</summary>
    /// <exception cref="PublishException">The lane did not accept it; it stays a dead letter.</exception>
    public async Task ReplayAsync(DeadLetter letter)
    {
        var sending = _publishing.BasicPublishAsync(
            _topology.Exchange, ReplayedMessage.RoutingKey(letter), mandatory: true, ReplayedMessage.Properties(letter), letter.Body,
            CancellationToken.None);
        await sending.AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await RemoveAsync(letter);
    }

    public Task RemoveAsync(DeadLetter letter) => _holding.BasicAckAsync(letter.Tag, multiple: false).AsTask();

    /// <summary>Whether the broker has gone away or does not answer.</summary>
    /// <param name="error">What a call has thrown.</param>
    /// <param name="ct">The token of that call: the library also cancels a call that the broker does not answer in time.</param>
    public static bool IsLost(Exception error, CancellationToken ct) =>
        error is AlreadyClosedException or OperationInterruptedException or TimeoutException
        || (error is OperationCanceledException && !ct.IsCancellationRequested);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        try
        {
            // Closing the channel returns the held letters to their positions.
            await _publishing.DisposeAsync();
            await _holding.CloseAsync();
            await _holding.DisposeAsync();
        }
        catch (Exception error) when (error is AlreadyClosedException or OperationInterruptedException or IOException or TimeoutException)
        {
            // The connection is gone; the broker has already returned the letters.
        }

        await _connection.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ConsumeAsync(ChannelWriter<DeadLetter> letters, CancellationToken ct)
    {
        var consumer = new AsyncEventingBasicConsumer(_holding);
        consumer.ReceivedAsync += (_, delivery) =>
            letters.WriteAsync(DeadLetterReading.Read(delivery, _topology), _closing.Token).AsTask();
        await _holding.BasicConsumeAsync(_topology.DeadQueue, autoAck: false, consumer, ct);
    }
}

/// <param name="Letters">Letters that no reader holds.</param>
/// <param name="HasOtherReaders">Whether another process reads the letters and may hold some of them.</param>
internal readonly record struct LetterCount(long Letters, bool HasOtherReaders);
