using System.Diagnostics;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Ceilings;

/// <summary>Decoding and letterboxing files that are ready in memory, on every core, and nothing else.</summary>
internal sealed class DecodeCeiling(IReadOnlyList<byte[]> files, PreprocessingRecipe recipe, DecodeLimits limits)
{
    public Rate Run(string decoder, TimeSpan length, int threads)
    {
        using var preprocessor = new Preprocessor(ImageDecoders.Create(decoder), recipe, limits);
        var (cpu, started, decoded) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp(), 0L);
        var workers = Enumerable.Range(0, threads).Select(first => new Thread(() =>
        {
            var pixels = new byte[preprocessor.ImageBytes];
            for (var i = first; Stopwatch.GetElapsedTime(started) < length; i += threads)
            {
                preprocessor.Prepare(files[i % files.Count], pixels);
                Interlocked.Increment(ref decoded);
            }
        })).ToArray();
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return new(
            decoded / Stopwatch.GetElapsedTime(started).TotalSeconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / decoded);
    }
}
