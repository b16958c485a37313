namespace PartsWorker.Faults.Audit;

/// <summary>Milliseconds from publishing to the commit of the row.</summary>
internal sealed class Latencies(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    /// <param name="share">0 to 1; 0.95 is the 95th percentile.</param>
    public double Percentile(double share) =>
        _sorted.Length == 0 ? double.NaN : _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];

    public override string ToString() =>
        $"{Count} images, p50 {Percentile(0.5):0.0} ms, p95 {Percentile(0.95):0.0} ms, "
        + $"p99 {Percentile(0.99):0.0} ms, longest {Percentile(1):0.0} ms";
}
