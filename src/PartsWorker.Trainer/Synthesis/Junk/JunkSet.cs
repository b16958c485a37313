using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>
/// Writes images that show no part: <c>KIND/000.jpg</c>, evenly of each kind. The same seed gives the same images, independent of their
/// number and of the threads.
/// </summary>
/// <param name="Count">Number of images, 1 or more.</param>
/// <param name="Seed">Random seed.</param>
/// <param name="Threads">1 or more.</param>
internal sealed record JunkSet(int Count, int Seed, int Threads)
{
    private const int LowestQuality = 70;
    private const int HighestQuality = 95;

    public void Write(string folder, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancel };
        Parallel.For(0, Count, parallel, i =>
        {
            var (kind, number) = (i % JunkKind.All.Count, i / JunkKind.All.Count);
            var dice = Dice.For(Seed, kind, number);
            var canvas = JunkKind.All[kind].Paint(ref dice);
            var quality = LowestQuality + dice.Below(HighestQuality - LowestQuality + 1);
            var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, JunkKind.All[kind].Name)).FullName, $"{number:000}.jpg");
            File.WriteAllBytes(path, JpegFile.Encode(canvas.ToRgb(), canvas.Size, quality));
            progress?.Report(Interlocked.Increment(ref done));
        });
    }
}
