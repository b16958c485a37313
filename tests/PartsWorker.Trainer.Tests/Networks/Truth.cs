using System.Text.Json;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Networks;

/// <summary>PyTorch's results (tests/peers/record_truth.py), and the formula for the weights on both sides.</summary>
internal sealed record Truth(double Loss, double[] Outputs, Dictionary<string, Truth.Gradient> Gradients)
{
    private const int SampleCount = 24;
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public static Truth Read(string name) =>
        JsonSerializer.Deserialize<Truth>(File.ReadAllText(PathOf(name)), Json)!;

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Networks", "Truth", name + ".json");

    /// <summary>Linear congruential numbers in [-1, 1), seeded by FNV-1a of the name.</summary>
    public static float[] Numbers(string name, int count) => Array.ConvertAll(Exact(name, count), v => (float)v);

    public static float[] Weight(string name, int[] shape)
    {
        var inputs = shape.Skip(1).Aggregate(1, (p, d) => p * d);
        Func<double, double> map = name switch
        {
            _ when name.EndsWith("running_mean", StringComparison.Ordinal) => v => v * 0.1,
            _ when name.EndsWith("running_var", StringComparison.Ordinal) => v => 1 + (0.2 * v),
            _ when shape.Length == 1 => v => (0.1 * v) + (name.EndsWith("weight", StringComparison.Ordinal) ? 0.5 : 0),
            _ => v => v * Math.Sqrt(3.0 * 2.0 / inputs),
        };
        return Array.ConvertAll(Exact(name, shape.Aggregate(1, (p, d) => p * d)), v => (float)map(v));
    }

    public static Dictionary<string, float[]> Weights(IEnumerable<ParameterSpec> parameters, IEnumerable<StatisticSpec> statistics)
    {
        var tensors = parameters.ToDictionary(p => p.Name, p => Weight(p.Name, p.Shape));
        foreach (var s in statistics)
        {
            tensors[s.MeanName] = Weight(s.MeanName, [s.Channels]);
            tensors[s.VarianceName] = Weight(s.VarianceName, [s.Channels]);
        }

        return tensors;
    }

    public static byte[] Pixels(int count, int size) =>
        Array.ConvertAll(Exact("image", count * size * size * 3), v => (byte)Math.Floor((v + 1) * 127.99));

    /// <summary>Relative error of a whole gradient, estimated from its norm and its samples.</summary>
    public double Error(string parameter, float[] published)
    {
        var truth = Gradients[parameter];
        var norm = Math.Sqrt(published.Sum(v => (double)v * v));
        var at = published.Length > SampleCount
            ? Enumerable.Range(0, SampleCount).Select(i => (int)((long)i * published.Length / SampleCount)).ToArray()
            : [.. Enumerable.Range(0, published.Length)];
        var difference = Math.Sqrt(at.Select((k, i) => Math.Pow(published[k] - truth.Samples[i], 2)).Sum());
        var scale = Math.Max(Math.Sqrt(truth.Samples.Sum(v => v * v)), truth.Norm * Math.Sqrt(at.Length / (double)published.Length));
        // A bias before a normalization has a zero gradient, so both sides contain only rounding errors.
        var typical = Gradients.Values.Select(g => g.Norm).Order().ElementAt(Gradients.Count / 2);
        return truth.Norm < 1e-6 * typical
            ? norm / (typical * 0.1)
            : Math.Max(difference / scale, Math.Abs(norm - truth.Norm) / truth.Norm);
    }

    private static double[] Exact(string name, int count)
    {
        var x = 2166136261u;
        foreach (var c in name)
        {
            x = unchecked((x ^ c) * 16777619);
        }

        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            x = unchecked((x * 1664525) + 1013904223);
            values[i] = ((x >> 8) / 8388608.0) - 1;
        }

        return values;
    }

    internal sealed record Gradient(double Norm, double[] Samples);
}
