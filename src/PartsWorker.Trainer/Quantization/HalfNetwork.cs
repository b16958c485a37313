using Google.Protobuf;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Writes a float16 network: convolutions and the operators between them compute with float16, everything else with float32. The
/// normalization of pixels and the length of the embedding stay float32, because squares and their sums may exceed the range of float16
/// (65,504).
/// </summary>
internal sealed class HalfNetwork
{
    private static readonly HashSet<string> Between = new(StringComparer.Ordinal)
    {
        "Add", "Mul", "Relu", "PRelu", "Sigmoid", "MaxPool", "AveragePool", "GlobalAveragePool",
    };

    private readonly ModelProto _model;
    private readonly HashSet<string> _outputs;
    private readonly HashSet<string> _halves = new(StringComparer.Ordinal);
    private readonly HashSet<string> _converted = new(StringComparer.Ordinal);

    private HalfNetwork(FoldedNetwork network)
    {
        _model = network.Model.Clone();
        _outputs = Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
    }

    private GraphProto Graph => _model.Graph;

    /// <param name="network">float32 network that reads uint8 images, as bytes of an ONNX file.</param>
    /// <exception cref="UserErrorException">The network has no convolution, or weights beyond the range of float16.</exception>
    public static byte[] Convert(byte[] network)
    {
        var folded = new FoldedNetwork(network);
        return folded.Layers.Count > 0
            ? new HalfNetwork(folded).Write().ToByteArray()
            : throw new UserErrorException("the network has no convolution that could compute with float16");
    }

    private ModelProto Write()
    {
        NodeProto[] nodes = [.. Graph.Node];
        Graph.Node.Clear();
        foreach (var node in nodes)
        {
            var isHalf = IsHalf(node);
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = isHalf ? AsHalf(node.Input[i]) : AsFloat(node.Input[i]);
            }

            Graph.Node.Add(node);
            if (isHalf)
            {
                _halves.UnionWith(node.Output);
            }
        }

        ConstantFolding.DropUnread(Graph);
        return _model;
    }

    private bool IsHalf(NodeProto node) => !node.Output.Any(_outputs.Contains)
        && (node.OpType == "Conv" || (Between.Contains(node.OpType) && node.Input.Any(_halves.Contains)));

    private string AsHalf(string tensor)
    {
        if (_halves.Contains(tensor))
        {
            return tensor;
        }

        var name = tensor + ".half";
        if (_converted.Add(name))
        {
            if (Graph.Initializer.FirstOrDefault(i => i.Name == tensor) is { } weight)
            {
                Graph.Initializer.Add(TensorCodec.EncodeHalf(name, WithinHalf(weight), [.. weight.Dims.Select(d => (int)d)]));
            }
            else
            {
                Cast(tensor, name, ElementType.Float16);
            }
        }

        return name;
    }

    // Beyond the range, a weight would become infinite.
    private static float[] WithinHalf(TensorProto weight)
    {
        var values = TensorCodec.DecodeFloats(weight);
        var beyond = Array.FindIndex(values, value => !Half.IsFinite((Half)value));
        return beyond < 0 ? values : throw new UserErrorException(
            $"float16 ends at {Half.MaxValue:N0}, but {weight.Name} has {values[beyond]:G4}; do without float16 graphs (--fp16)",
            exitCode: 1);
    }

    private string AsFloat(string tensor)
    {
        if (!_halves.Contains(tensor))
        {
            return tensor;
        }

        var name = tensor + ".float";
        if (_converted.Add(name))
        {
            Cast(tensor, name, ElementType.Float);
        }

        return name;
    }

    private void Cast(string from, string to, ElementType type) =>
        Graph.Node.Add(Nodes.Of("Cast", [from], to, Attributes.Int("to", (int)type)));
}
