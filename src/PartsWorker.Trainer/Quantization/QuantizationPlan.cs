using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Which nodes of a network compute with integers: the convolutions, and every operator between two of them, because each change between
/// integers and floats costs a pass over the tensor on one thread. What follows the last convolution computes with floats.
/// </summary>
internal sealed class QuantizationPlan
{
    private static readonly string[] Between = ["Relu", "Add", "Mul", "Sigmoid", "MaxPool", "GlobalAveragePool"];
    private readonly FoldedNetwork _network;
    private readonly Dictionary<string, ConvolutionLayer> _layers;
    private readonly HashSet<NodeProto> _quantized = [];
    private readonly HashSet<string> _tensors;

    /// <param name="network">The network.</param>
    /// <param name="floats">Names of the layers that stay float32.</param>
    public QuantizationPlan(FoldedNetwork network, IReadOnlySet<string> floats)
    {
        _network = network;
        _layers = network.Layers.Where(l => !floats.Contains(l.Name)).ToDictionary(l => l.Output, StringComparer.Ordinal);
        Mark(TensorsBeforeLayers());
        Tensors = [.. TensorsOf().Distinct(StringComparer.Ordinal)];
        _tensors = [.. Tensors];
    }

    /// <summary>The layers that compute with integers.</summary>
    public IEnumerable<ConvolutionLayer> Layers => _layers.Values;

    /// <summary>The tensors that are rounded to 8 bits, in the order of the graph.</summary>
    public IReadOnlyList<string> Tensors { get; }

    public bool Rounds(string tensor) => _tensors.Contains(tensor);

    /// <summary>The layer of a node that computes with integers, or null.</summary>
    public ConvolutionLayer? LayerOf(NodeProto node) => _layers.GetValueOrDefault(node.Output[0]);

    /// <summary>The tensor with whose scale this one is rounded: pooling by the maximum keeps the integers.</summary>
    public string ScaleOf(string tensor)
    {
        var maker = _quantized.FirstOrDefault(n => n.OpType == "MaxPool" && n.Output[0] == tensor);
        return maker is null ? tensor : ScaleOf(maker.Input[0]);
    }

    private HashSet<string> TensorsBeforeLayers()
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in _network.Graph.Node.Reverse())
        {
            if (LayerOf(node) is not null)
            {
                before.Add(node.Input[0]);
            }
            else if (before.Contains(node.Output[0]))
            {
                before.UnionWith(node.Input);
            }
        }

        return before;
    }

    private void Mark(HashSet<string> beforeLayers)
    {
        var integers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in _network.Graph.Node)
        {
            var follows = Between.Contains(node.OpType) && node.Input.Any(integers.Contains) && !node.Input.Any(_network.IsConstant);
            if (LayerOf(node) is not null || (follows && (beforeLayers.Contains(node.Output[0]) || IsFusedRelu(node))))
            {
                _quantized.Add(node);
                integers.Add(node.Output[0]);
            }
        }
    }

    private bool IsFusedRelu(NodeProto node) =>
        node.OpType == "Relu" && _layers.ContainsKey(node.Input[0]) && ReferenceEquals(_network.OnlyReader(node.Input[0]), node);

    // A ReLU after a convolution or a sum costs nothing if the result is rounded after it only: its integers end at zero.
    private IEnumerable<string> TensorsOf()
    {
        foreach (var node in _network.Graph.Node.Where(_quantized.Contains))
        {
            var inputs = LayerOf(node) is null ? node.Input.ToArray() : [node.Input[0]];
            foreach (var input in inputs.Where(input => !IsBeforeRelu(input)))
            {
                yield return input;
            }

            if (!IsBeforeRelu(node.Output[0]))
            {
                yield return node.Output[0];
            }
        }
    }

    private bool IsBeforeRelu(string tensor) =>
        _network.OnlyReader(tensor) is { OpType: "Relu" } relu && _quantized.Contains(relu)
        && _quantized.Any(n => n.OpType is "Conv" or "Add" && n.Output[0] == tensor);
}
