using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Ceilings;

/// <summary>Images per second, and processor milliseconds per image.</summary>
internal sealed record Rate(double ImagesPerSecond, double CpuMsPerImage)
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Median speed and median cost.</summary>
    public static Rate Median(IReadOnlyCollection<Rate> rates) =>
        new(Median(rates.Select(r => r.ImagesPerSecond)), Median(rates.Select(r => r.CpuMsPerImage)));

    public static Rate Between(BenchMark from, BenchMark to)
    {
        var images = to.Stored - from.Stored;
        return new(images * 1000 / (to.AtMs - from.AtMs), (to.CpuMs - from.CpuMs) / images);
    }
}
