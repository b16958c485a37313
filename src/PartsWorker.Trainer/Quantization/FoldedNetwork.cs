using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// A float32 network in which each convolution has constant weights and a bias, as it is quantized: normalizations are folded into the
/// convolution before them.
/// </summary>
internal sealed class FoldedNetwork
{
    private const float DefaultEpsilon = 1e-5f;
    private readonly Dictionary<string, Constant> _constants;

    public FoldedNetwork(byte[] network)
    {
        Model = ModelProto.Parser.ParseFrom(network);
        _constants = ConstantFolding.Evaluate(Graph);
        Layers = [.. Graph.Node.Where(IsLayer).Select(node => new ConvolutionLayer(node, _constants[node.Input[1]]))];
        foreach (var layer in Layers)
        {
            Fold(layer);
            SetWeights(layer);
        }

        InputNormalization.MoveBeforeTranspose(Graph, _constants);
        ConstantFolding.DropUnread(Graph);
        Readers = ReadersOf(Graph);
    }

    /// <summary>The network in float32.</summary>
    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    public IReadOnlyList<ConvolutionLayer> Layers { get; }

    /// <summary>The nodes that read a tensor.</summary>
    public ILookup<string, NodeProto> Readers { get; }

    /// <summary>Whether a tensor is a constant.</summary>
    public bool IsConstant(string name) => _constants.ContainsKey(name) || Graph.Initializer.Any(i => i.Name == name);

    /// <summary>The only node that reads a tensor, or null if there are several or it is an output.</summary>
    public NodeProto? OnlyReader(string tensor) => OnlyReader(Readers, tensor);

    private NodeProto? OnlyReader(ILookup<string, NodeProto> readers, string tensor) =>
        readers[tensor].Take(2).ToArray() is [var reader] && !Graph.Output.Any(o => o.Name == tensor) ? reader : null;

    private static ILookup<string, NodeProto> ReadersOf(GraphProto graph) => graph.Node
        .SelectMany(node => node.Input.Select(input => (input, node)))
        .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);

    private bool IsLayer(NodeProto node) => node.OpType == "Conv" && _constants.TryGetValue(node.Input[1], out var weight)
        && weight.Dims.Length == 4 && (node.Input.Count < 3 || _constants.ContainsKey(node.Input[2]));

    private void Fold(ConvolutionLayer layer)
    {
        if (layer.Node.Input.Count > 2)
        {
            layer.AddBias(_constants[layer.Node.Input[2]].Values);
        }

        while (OnlyReader(ReadersOf(Graph), layer.Output) is { } next && TryFold(layer, next))
        {
            Graph.Node.Remove(next);
            layer.Node.Output[0] = next.Output[0];
        }
    }

    private bool TryFold(ConvolutionLayer layer, NodeProto next)
    {
        if (next.OpType == "BatchNormalization" && next.Input.Skip(1).All(_constants.ContainsKey))
        {
            float[][] values = [.. next.Input.Skip(1).Select(name => _constants[name].Values)];
            var epsilon = next.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? DefaultEpsilon;
            layer.Normalize(values[0], values[1], values[2], values[3], epsilon);
            return true;
        }

        if (next.OpType == "Add" && next.Input.FirstOrDefault(name => name != layer.Output) is { } other
            && _constants.TryGetValue(other, out var bias) && bias.Values.Length == layer.Outputs && IsPerChannel(bias.Dims))
        {
            layer.AddBias(bias.Values);
            return true;
        }

        return false;
    }

    private static bool IsPerChannel(long[] dims) => dims is [_, 1, 1] or [1, _, 1, 1];

    private void SetWeights(ConvolutionLayer layer)
    {
        var (weight, bias) = (layer.Name + ".folded_weight", layer.Name + ".folded_bias");
        Graph.Initializer.Add(TensorCodec.Encode(weight, layer.Weights(), [.. layer.Dims.Select(d => (int)d)]));
        Graph.Initializer.Add(TensorCodec.Encode(bias, layer.Bias, [layer.Outputs]));
        var input = layer.Input;
        layer.Node.Input.Clear();
        layer.Node.Input.AddRange([input, weight, bias]);
    }
}
