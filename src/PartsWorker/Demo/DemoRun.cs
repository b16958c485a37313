using PartsWorker.Client;
using PartsWorker.Configuration;

namespace PartsWorker.Demo;

/// <summary>Publishes the samples as a camera would, and waits until a worker has stored a row for each.</summary>
internal sealed class DemoRun(RabbitSettings rabbit, DemoResults results, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public async Task PublishAsync(IReadOnlyList<DemoSample> samples, CancellationToken cancellationToken)
    {
        await using var publisher = await PartsPublisher.ConnectAsync(rabbit.Publisher("demo"), cancellationToken);
        await Task.WhenAll(samples.Select(s => publisher.PublishAsync(s.Reference, Lane.Live, cancellationToken)));
    }

    /// <summary>Ends when every sample has its row and the queue is empty, or when no row has come for <paramref name="patience"/>.</summary>
    public async Task<IReadOnlyList<DemoRow>> AwaitAsync(int samples, TimeSpan patience, Action<int> progress, CancellationToken cancellationToken)
    {
        await using var connection = await RabbitConnections.ConnectAsync(RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection), cancellationToken);
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

            if ((seen >= samples && await channel.MessageCountAsync(queue, cancellationToken) == 0) || time.GetElapsedTime(since) > patience)
            {
                return rows;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
