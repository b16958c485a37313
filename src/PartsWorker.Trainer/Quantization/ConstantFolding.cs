using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>Computes the weights of a graph from the form that it stores them in: fp16 or 8 bits, perhaps reshaped.</summary>
internal static class ConstantFolding
{
    /// <returns>The constants by the name under which nodes read them.</returns>
    public static Dictionary<string, Constant> Evaluate(GraphProto graph)
    {
        var constants = graph.Initializer.Where(t => t.DataLocation == TensorProto.Types.DataLocation.Default)
            .Select(Constant.Of)
            .OfType<Constant>()
            .ToDictionary(c => c.Name, StringComparer.Ordinal);
        var shapes = graph.Initializer.Where(t => t.DataType == (int)ElementType.Int64).ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            if (Evaluate(node, constants, shapes) is { } result)
            {
                constants[node.Output[0]] = result;
            }
        }

        return constants;
    }

    /// <summary>Removes the nodes and initializers whose results nothing reads.</summary>
    public static void DropUnread(GraphProto graph)
    {
        var read = graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var kept = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(read.Contains)))
        {
            kept.Add(node);
            read.UnionWith(node.Input);
        }

        kept.Reverse();
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        TensorProto[] initializers = [.. graph.Initializer.Where(i => read.Contains(i.Name))];
        graph.Initializer.Clear();
        graph.Initializer.AddRange(initializers);
    }

    private static Constant? Evaluate(NodeProto node, Dictionary<string, Constant> constants, Dictionary<string, TensorProto> shapes)
    {
        if (node.Input.Count == 0 || !constants.TryGetValue(node.Input[0], out var first))
        {
            return null;
        }

        return node.OpType switch
        {
            "Cast" => first,
            "Mul" when first.Codes is not null && constants.TryGetValue(node.Input[1], out var scales) => first.Scaled(scales),
            "Reshape" when shapes.TryGetValue(node.Input[1], out var shape) => first with { Dims = Resolve(shape, first.Values.Length) },
            _ => null,
        };
    }

    private static long[] Resolve(TensorProto shape, int count)
    {
        var dims = TensorCodec.DecodeLongs(shape);
        var known = dims.Where(d => d > 0).Aggregate(1L, (product, d) => product * d);
        return [.. dims.Select(d => d < 0 ? count / known : d)];
    }
}
