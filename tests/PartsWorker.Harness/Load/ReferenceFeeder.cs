using System.Diagnostics;
using PartsWorker.Client;

namespace PartsWorker.Harness.Load;

/// <summary>Publishes references to the live lane, as fast as the broker confirms them or at a constant rate.</summary>
/// <param name="publisher">Confirms each reference.</param>
/// <param name="create">Creates the reference with the given number when it is published.</param>
internal sealed class ReferenceFeeder(PartsPublisher publisher, Func<long, ImageReference> create)
{
    private const int Chunk = 4096;

    /// <summary>References published and confirmed so far.</summary>
    public long Published { get; private set; }

    /// <summary>Resets the counter, because the references published so far belong to another measurement.</summary>
    public void Restart() => Published = 0;

    /// <returns>References per second.</returns>
    public async Task<double> FillAsync(long count, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var done = 0L; done < count; done += Chunk)
        {
            var size = (int)Math.Min(Chunk, count - done);
            await Task.WhenAll(Enumerable.Range(0, size).Select(i => PublishAsync(done + i, cancellation)));
            Published += size;
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>
    /// Publishes at a constant rate for the given time or until it is cancelled; returns when all references are confirmed.
    /// </summary>
    public async Task PaceAsync(double perSecond, TimeSpan length, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var sending = new List<Task>();
        var count = Math.Max(1, Math.Floor(perSecond * length.TotalSeconds));
        for (var i = 0; i < count; i++)
        {
            var early = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(started);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (stop.IsCancellationRequested)
            {
                break;
            }

            sending.Add(PublishAsync(i, CancellationToken.None));
        }

        await Task.WhenAll(sending);
        Published += sending.Count;
    }

    private Task PublishAsync(long number, CancellationToken cancellation) =>
        publisher.PublishAsync(create(number), Lane.Live, cancellation);
}
