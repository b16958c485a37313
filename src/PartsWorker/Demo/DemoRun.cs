using PartsWorker.Client;
using PartsWorker.Configuration;

namespace PartsWorker.Demo;

/// <summary>Publishes the samples as a camera would and waits until a worker has stored a row for each of them.</summary>
internal sealed class DemoRun(RabbitSettings rabbit, DemoResults results, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public async Task PublishAsync(IReadOnlyList<DemoSample> samples, CancellationToken cancellationToken)
    {
        await using var publisher = await PartsPublisher.ConnectAsync(rabbit.Publisher("demo"), cancellationToken);
        await Task.WhenAll(samples.Select(s => publisher.PublishAsync(s.Reference, Lane.Live, cancellationToken)));
    }

    /// <summary>Returns when every sample has its row and the queue is empty, or after <paramref name="patience"/> without a row.</summary>
    public async Task<IReadOnlyList<DemoRow>> WaitForRowsAsync(
        int samples, TimeSpan patience, Action<int> progress, CancellationToken cancellationToken)
    {
        var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection);
        await using var connection = await RabbitConnections.ConnectAsync(factory, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var queue = new PartsTopology(rabbit.Prefix).LiveQueue;
        var (seen, since) = (-1, time.GetTimestamp());
        while (true)
        {
            var rows = await results.ReadAsync(cancellationToken);
            if (rows.Count != seen)
            {
                (seen, since) = (rows.Count, time.GetTimestamp());
                progress(seen);
            }

            if ((seen >= samples && await channel.MessageCountAsync(queue, cancellationToken) == 0)
                || time.GetElapsedTime(since) > patience)
            {
                return rows;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
