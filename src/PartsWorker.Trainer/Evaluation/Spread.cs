using System.Runtime.InteropServices;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Mean and standard deviation of several measurements.</summary>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Deviation">Sample standard deviation; 0 for a single measurement.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spread(double Mean, double Deviation)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        var squares = all.Sum(v => (v - mean) * (v - mean));
        return new(mean, all.Length > 1 ? Math.Sqrt(squares / (all.Length - 1)) : 0);
    }
}
