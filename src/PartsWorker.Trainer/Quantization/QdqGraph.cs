using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Writes an 8-bit network as a float32 network with pairs of QuantizeLinear and DequantizeLinear, from which ONNX Runtime makes integer
/// operators when it loads the graph.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="plan">What computes with integers.</param>
/// <param name="grids">The grid of each rounded tensor.</param>
/// <param name="shifts">What is subtracted from the bias of a layer, by output; layers without an entry keep their bias.</param>
internal sealed class QdqGraph(
    FoldedNetwork network,
    QuantizationPlan plan,
    IReadOnlyDictionary<string, Grid> grids,
    IReadOnlyDictionary<string, float[]> shifts)
{
    // A bias is an integer of 32 bits with the scale of the products.
    private const float LargestBias = 1 << 30;
    private readonly ModelProto _model = network.Model.Clone();

    public ModelProto Write()
    {
        var graph = _model.Graph;
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (var input in graph.Input.Where(i => plan.Rounds(i.Name)))
        {
            AddPair(input.Name);
        }

        foreach (var node in nodes)
        {
            var layer = plan.LayerOf(node);
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = Rounded(node.Input[i]);
            }

            if (layer is not null)
            {
                (node.Input[1], node.Input[2]) = AddWeights(layer);
            }

            graph.Node.Add(node);
            foreach (var output in node.Output.Where(plan.Rounds))
            {
                AddPair(output);
            }
        }

        ConstantFolding.DropUnread(graph);
        return _model;
    }

    private string Rounded(string tensor) => plan.Rounds(tensor) ? tensor + ".rounded" : tensor;

    private void AddPair(string tensor)
    {
        var grid = grids[tensor];
        var (scale, zero) = (tensor + ".grid_scale", tensor + ".grid_zero");
        _model.Graph.Initializer.Add(TensorCodec.Encode(scale, [grid.Scale], []));
        _model.Graph.Initializer.Add(TensorCodec.Encode(zero, [grid.Zero], []));
        Add("QuantizeLinear", [tensor, scale, zero], tensor + ".codes");
        Add("DequantizeLinear", [tensor + ".codes", scale, zero], Rounded(tensor));
    }

    private (string Weight, string Bias) AddWeights(ConvolutionLayer layer)
    {
        var inputScale = grids[layer.Input].Scale;
        float[] bias = shifts.TryGetValue(layer.Name, out var shift) ? [.. layer.Bias.Select((b, o) => b - shift[o])] : layer.Bias;
        var (codes, scales) = FitBias(layer.Quantize(), bias, inputScale);
        float[] biasScales = [.. scales.Select(scale => scale * inputScale)];
        int[] biasCodes = [.. bias.Select((b, o) => (int)Math.Clamp(MathF.Round(b / biasScales[o]), -LargestBias, LargestBias))];
        var graph = _model.Graph;
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".weight_codes", codes, [.. layer.Dims.Select(d => (int)d)]));
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".weight_scale", scales, [layer.Outputs]));
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".weight_zero", new sbyte[layer.Outputs], [layer.Outputs]));
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".bias_codes", biasCodes, [layer.Outputs]));
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".bias_scale", biasScales, [layer.Outputs]));
        graph.Initializer.Add(TensorCodec.Encode(layer.Name + ".bias_zero", new int[layer.Outputs], [layer.Outputs]));
        var (weight, added) = (layer.Name + ".weight_rounded", layer.Name + ".bias_rounded");
        string[] weights = [layer.Name + ".weight_codes", layer.Name + ".weight_scale", layer.Name + ".weight_zero"];
        Add("DequantizeLinear", weights, weight, Attributes.Int("axis", 0));
        string[] biases = [layer.Name + ".bias_codes", layer.Name + ".bias_scale", layer.Name + ".bias_zero"];
        Add("DequantizeLinear", biases, added, Attributes.Int("axis", 0));
        return (weight, added);
    }

    // A channel with tiny weights would need a bias of more than 32 bits: its scale is raised, and its weights round to less.
    private static (sbyte[] Codes, float[] Scales) FitBias((sbyte[] Codes, float[] Scales) weights, float[] bias, float inputScale)
    {
        var (codes, scales) = weights;
        for (var o = 0; o < scales.Length; o++)
        {
            var smallest = Math.Abs(bias[o]) / (LargestBias * inputScale);
            if (Math.Abs(scales[o]) < smallest || scales[o] == 0)
            {
                (codes, scales) = ([.. codes], [.. scales]);
                var (raised, width) = (MathF.Max(smallest, float.Epsilon * LargestBias), codes.Length / scales.Length);
                for (var i = o * width; i < (o + 1) * width; i++)
                {
                    codes[i] = (sbyte)MathF.Round(codes[i] * scales[o] / raised);
                }

                scales[o] = raised;
            }
        }

        return (codes, scales);
    }

    private void Add(string op, string[] inputs, string output, params AttributeProto[] attributes) =>
        _model.Graph.Node.Add(Nodes.Of(op, inputs, output, attributes));
}
