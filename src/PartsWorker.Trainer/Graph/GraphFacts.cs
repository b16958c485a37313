using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Graph;

/// <summary>Counts the parameters of a graph and its multiplications per image, without running it.</summary>
internal sealed class GraphFacts
{
    private const int SmallConstant = 3;
    private readonly Dictionary<string, long[]> _shapes = [];

    public GraphFacts(ModelProto model)
    {
        foreach (var tensor in model.Graph.Initializer)
        {
            _shapes[tensor.Name] = [.. tensor.Dims];
        }

        foreach (var input in model.Graph.Input)
        {
            _shapes[input.Name] = [.. input.Type.TensorType.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : 1)];
        }

        Tensors = [.. model.Graph.Initializer.Where(
            t => t.DataType is (int)ElementType.Float or (int)ElementType.Float16 && Count(t) > SmallConstant)];
        foreach (var node in model.Graph.Node)
        {
            Multiplications += Cost(node);
        }
    }

    /// <summary>Weights and folded constants, without scalars.</summary>
    public IReadOnlyList<TensorProto> Tensors { get; }

    public long Parameters => Tensors.Sum(Count);

    /// <summary>Multiplications per image in convolutions and matrix products with weights.</summary>
    public double Multiplications { get; private set; }

    public static string Describe(ValueInfoProto value)
    {
        var tensor = value.Type.TensorType;
        var dims = tensor.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue.ToString() : d.DimParam);
        return $"{value.Name} {((ElementType)tensor.ElemType).ToString().ToLowerInvariant()}[{string.Join(',', dims)}]";
    }

    private static long Count(TensorProto tensor) => tensor.Dims.Aggregate(1L, (p, d) => p * d);

    private double Cost(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Conv" when Shape(node.Input[0]) is { Length: 4 } x && Shape(node.Input[1]) is { } w:
                var y = ConvolutionOutput(node, x, w);
                _shapes[node.Output[0]] = y;
                return (double)y[2] * y[3] * w.Aggregate(1L, (p, d) => p * d);
            case "Gemm" when Shape(node.Input[1]) is { Length: 2 } w:
                _shapes[node.Output[0]] = [1, Ints(node, "transB", 0)[0] == 1 ? w[0] : w[1]];
                return w[0] * w[1];
            case "Transpose" when Shape(node.Input[0]) is { } x:
                _shapes[node.Output[0]] = [.. Ints(node, "perm").Select(p => x[p])];
                return 0;
            case "GlobalAveragePool" when Shape(node.Input[0]) is { } x:
                _shapes[node.Output[0]] = [x[0], x[1], 1, 1];
                return 0;
            case "MaxPool" when Shape(node.Input[0]) is { } x:
                var kernel = Ints(node, "kernel_shape");
                _shapes[node.Output[0]] = Slide(node, x, x[1], kernel[0], kernel[1]);
                return 0;
            default:
                // All other operators keep the shape of their first input.
                if (node.Input.Count > 0 && Shape(node.Input[0]) is { } same
                    && node.OpType is not ("Reshape" or "ReduceSum" or "Slice" or "MatMul"))
                {
                    _shapes[node.Output[0]] = same;
                }

                return 0;
        }
    }

    private static long[] ConvolutionOutput(NodeProto node, long[] x, long[] w) => Slide(node, x, w[0], w[2], w[3]);

    private static long[] Slide(NodeProto node, long[] x, long channels, long height, long width)
    {
        var (strides, pads) = (Ints(node, "strides", 1, 1), Ints(node, "pads", 0, 0, 0, 0));
        return
        [
            x[0],
            channels,
            ((x[2] + pads[0] + pads[2] - height) / strides[0]) + 1,
            ((x[3] + pads[1] + pads[3] - width) / strides[1]) + 1,
        ];
    }

    private long[]? Shape(string name) => _shapes.GetValueOrDefault(name);

    private static long[] Ints(NodeProto node, string name, params long[] otherwise)
    {
        var attribute = node.Attribute.FirstOrDefault(a => a.Name == name);
        if (attribute is null)
        {
            return otherwise;
        }

        return attribute.HasI ? [attribute.I] : [.. attribute.Ints];
    }
}
