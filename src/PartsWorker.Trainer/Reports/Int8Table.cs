using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints how the networks of a bundle were quantized.</summary>
internal static class Int8Table
{
    private const int Shown = 8;

    public static void Print(IReadOnlyList<Int8Network> networks, TextWriter output)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            var network = networks[i];
            var methods = network.Methods.Select(m => $"{m.Key.ToString().ToLowerInvariant()} {m.Value:0.0000}");
            output.WriteLine($"{(i == 0 ? "embedder" : "meta model")}: loss by range: {string.Join(", ", methods)}");
            output.WriteLine(
                $"  {network.Method.ToString().ToLowerInvariant()}: loss {network.Loss:0.0000}, "
                    + $"{network.Speedup:0.0} times as fast as fp32, "
                    + $"{network.Floats.Count} of {network.Layers.Count} convolutions in fp32"
                    + (network.Floats.Count == 0 ? "" : $": {string.Join(", ", network.Floats)}"));
            foreach (var (layer, loss) in network.Layers.Take(Shown))
            {
                output.WriteLine($"  only {layer}: {loss:0.000000}");
            }
        }
    }

    /// <summary>The figures for JSON.</summary>
    public static object Summary(Int8Network network) => new
    {
        method = network.Method.ToString().ToLowerInvariant(),
        network.Loss,
        network.Speedup,
        methods = network.Methods.ToDictionary(m => m.Key.ToString().ToLowerInvariant(), m => Finite(m.Value)),
        network.Floats,
        layers = network.Layers.Select(l => new { l.Layer, Loss = Finite(l.Loss) }),
    };

    // JSON has no infinity.
    private static double? Finite(double loss) => double.IsFinite(loss) ? loss : null;
}
