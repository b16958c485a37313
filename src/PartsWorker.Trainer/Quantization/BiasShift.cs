using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Measures by how much rounding shifts the mean of each output channel of a layer, for its float32 input. Subtracting this from its bias
/// keeps the mean.
/// </summary>
internal static class BiasShift
{
    private const string Difference = ".shift";

    /// <returns>The shift of each output, by layer.</returns>
    public static Dictionary<string, float[]> Measure(
        FoldedNetwork network,
        QuantizationPlan plan,
        IReadOnlyDictionary<string, Grid> grids,
        CalibrationImages images,
        CancellationToken cancel)
    {
        ConvolutionLayer[] layers = [.. plan.Layers];
        var model = network.Model.Clone();
        foreach (var layer in layers)
        {
            AddRoundedLayer(model.Graph, layer, grids[layer.Input]);
        }

        var sums = layers.Select(l => new double[l.Outputs]).ToArray();
        using var runner = new GraphRunner(model, [.. layers.Select(l => l.Name + Difference)]);
        runner.Run(
            images.Ranges,
            images.Side,
            (layer, batch, values) =>
            {
                for (var o = 0; o < values.Length; o++)
                {
                    sums[layer][o] += values[o] * batch / images.Ranges.Count;
                }
            },
            cancel);
        return layers.Zip(sums).ToDictionary(
            pair => pair.First.Name, pair => Array.ConvertAll(pair.Second, s => (float)s), StringComparer.Ordinal);
    }

    // Beside the layer, the same convolution with rounded input and weights, and the mean of the difference of both.
    private static void AddRoundedLayer(GraphProto graph, ConvolutionLayer layer, Grid grid)
    {
        var (codes, scales) = layer.Quantize();
        var width = codes.Length / scales.Length;
        float[] weights = [.. codes.Select((code, i) => code * scales[i / width])];
        string Named(string part) => $"{layer.Name}.beside_{part}";
        graph.Initializer.Add(TensorCodec.Encode(Named("weight"), weights, [.. layer.Dims.Select(d => (int)d)]));
        graph.Initializer.Add(TensorCodec.Encode(Named("scale"), [grid.Scale], []));
        graph.Initializer.Add(TensorCodec.Encode(Named("zero"), [grid.Zero], []));
        Add(graph, "QuantizeLinear", [layer.Input, Named("scale"), Named("zero")], Named("codes"));
        Add(graph, "DequantizeLinear", [Named("codes"), Named("scale"), Named("zero")], Named("input"));
        Add(graph, "Conv", [Named("input"), Named("weight"), layer.Node.Input[2]], Named("output"), [.. layer.Node.Attribute]);
        Add(graph, "Sub", [Named("output"), layer.Output], Named("difference"));
        Add(
            graph,
            "ReduceMean",
            [Named("difference")],
            layer.Name + Difference,
            Attributes.Ints("axes", 0, 2, 3),
            Attributes.Int("keepdims", 0));
    }

    private static void Add(GraphProto graph, string op, string[] inputs, string output, params AttributeProto[] attributes) =>
        graph.Node.Add(Nodes.Of(op, inputs, output, attributes));
}
