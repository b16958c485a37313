using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Moves the normalization of the pixels before their transposition. Integer convolutions read [N,S,S,3], so ONNX Runtime would do the
/// same, but with constants of three numbers: per pixel instead of per line, that takes 0.5 ms instead of 0.01 ms for 160 x 160 pixels.
/// </summary>
internal static class InputNormalization
{
    private const int Channels = 3;
    private static readonly long[] ChannelsFirst = [0, 3, 1, 2];

    /// <summary>Changes nothing if the graph does not start as the networks of this program do.</summary>
    public static void MoveBeforeTranspose(GraphProto graph, IReadOnlyDictionary<string, Constant> constants)
    {
        if (Find(graph, constants) is not var (transpose, sub, mul))
        {
            return;
        }

        var side = (int)graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue;
        var (pixels, normalized) = (transpose.Input[0], mul.Output[0]);
        var at = graph.Node.IndexOf(transpose);
        foreach (var node in new[] { transpose, sub, mul })
        {
            graph.Node.Remove(node);
        }

        graph.Initializer.Add(Lines("pixels.mean", constants[sub.Input[1]], side));
        graph.Initializer.Add(Lines("pixels.scale", constants[mul.Input[1]], side));
        graph.Initializer.Add(TensorCodec.Encode("pixels.as_lines", [-1L, side, side * Channels], [3]));
        graph.Initializer.Add(TensorCodec.Encode("pixels.as_pixels", [-1L, side, side, Channels], [4]));
        NodeProto[] nodes =
        [
            Nodes.Of("Reshape", [pixels, "pixels.as_lines"], "pixels.lines"),
            Nodes.Of("Sub", ["pixels.lines", "pixels.mean"], "pixels.centered"),
            Nodes.Of("Mul", ["pixels.centered", "pixels.scale"], "pixels.normalized_lines"),
            Nodes.Of("Reshape", ["pixels.normalized_lines", "pixels.as_pixels"], "pixels.normalized"),
            Nodes.Of("Transpose", ["pixels.normalized"], normalized, Attributes.Ints("perm", 0, 3, 1, 2)),
        ];
        for (var i = 0; i < nodes.Length; i++)
        {
            graph.Node.Insert(at + i, nodes[i]);
        }
    }

    private static (NodeProto Transpose, NodeProto Sub, NodeProto Mul)? Find(
        GraphProto graph, IReadOnlyDictionary<string, Constant> constants)
    {
        NodeProto? Reader(NodeProto? node, string op)
        {
            NodeProto[] readers = node is null ? [] : [.. graph.Node.Where(n => n.Input.Contains(node.Output[0]))];
            return readers is [var only] && only.OpType == op && only.Input[0] == node!.Output[0] ? only : null;
        }

        bool IsPerChannel(NodeProto? node) =>
            node is not null && constants.TryGetValue(node.Input[1], out var constant) && constant.Dims is [Channels, 1, 1];
        var transpose = graph.Node.FirstOrDefault(
            n => n.OpType == "Transpose" && n.Attribute.Any(a => a.Name == "perm" && a.Ints.SequenceEqual(ChannelsFirst)));
        var sub = Reader(transpose, "Sub");
        var mul = Reader(sub, "Mul");
        return IsPerChannel(sub) && IsPerChannel(mul) ? (transpose!, sub!, mul!) : null;
    }

    private static TensorProto Lines(string name, Constant perChannel, int side) => TensorCodec.Encode(
        name, [.. Enumerable.Repeat(perChannel.Values, side).SelectMany(values => values)], [side * Channels]);
}
