using System.Diagnostics;
using PartsWorker.Client;

namespace PartsWorker.Benching;

/// <summary>Publishes the messages of a run: as fast as the broker confirms, or at a pace.</summary>
internal sealed class Feeder(PartsPublisher publisher, IReadOnlyList<string> images, TimeProvider time)
{
    private const int Chunk = 4096;

    /// <summary>References published so far.</summary>
    public long Published { get; private set; }

    /// <summary>Counts from zero again: what was published so far was somebody else's.</summary>
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

    /// <summary>Publishes at so many references per second, at even distances, for that long.</summary>
    public async Task PaceAsync(double perSecond, TimeSpan length, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var count = Math.Max(1, (int)(perSecond * length.TotalSeconds));
        var sending = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            var early = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(started);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, cancellation);
            }

            sending.Add(PublishAsync(i, cancellation));
        }

        await Task.WhenAll(sending);
        Published += count;
    }

    private Task PublishAsync(long number, CancellationToken cancellation) =>
        publisher.PublishAsync(BenchReferences.Create(images[(int)(number % images.Count)], time.GetUtcNow()), Lane.Live, cancellation);
}
