using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>A model that runs best on one thread of a CPU.</summary>
internal static class SmallModel
{
    // Sessions up to this size can be created twice, to measure their speed, in a few hundredths of a second.
    private const long MostBytes = 32 * 1024 * 1024;

    /// <summary>If one image takes less than this, waking a second thread for every operator costs more than it gains.</summary>
    public static TimeSpan LongestImage { get; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Whether its files are small enough to measure how long one image takes.</summary>
    public static bool MayBe(ModelBundle bundle, Precision precision)
    {
        var files = bundle.FilesOf(precision);
        return SizeOf(bundle, files.StageOne) + SizeOf(bundle, files.StageTwo) < MostBytes;
    }

    private static long SizeOf(ModelBundle bundle, string file) => new FileInfo(bundle.PathOf(file)).Length;
}
