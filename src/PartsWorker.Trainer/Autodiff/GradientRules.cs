using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Autodiff;

/// <summary>Appends the gradient of one operation: given dL/dy, returns dL/dx for each input in order.</summary>
internal delegate Value?[] GradientRule(GraphBuilder graph, TapeEntry entry, Value dy);

/// <summary>The derivative of every operation, one line each. <see cref="ConvolutionForm"/> computes those of convolutions.</summary>
internal static partial class GradientRules
{
    // g is the graph, e the entry of the operation on the tape, dy the gradient of its output.
    public static IReadOnlyDictionary<Op, GradientRule> Table { get; } = new Dictionary<Op, GradientRule>
    {
        [Op.Add] = (g, e, dy) => [Fit(g, dy, e, 0), Fit(g, dy, e, 1)],
        [Op.Sub] = (g, e, dy) => [Fit(g, dy, e, 0), e.Needs[1] ? Fit(g, g.Neg(dy), e, 1) : null],
        [Op.Mul] = (g, e, dy) =>
        [
            e.Needs[0] ? Fit(g, g.Mul(dy, e.Inputs[1]), e, 0) : null,
            e.Needs[1] ? Fit(g, g.Mul(dy, e.Inputs[0]), e, 1) : null,
        ],
        [Op.Scale] = (g, e, dy) => [g.Scale(dy, e.Get<float>())],
        [Op.Relu] = (g, e, dy) => [Rectifiers.ReluGradient(g, e.Output, dy)],
        [Op.PRelu] = (g, e, dy) => Rectifiers.PReluGradient(g, e.Inputs[0], e.Inputs[1], dy),
        [Op.Sigmoid] = (g, e, dy) => [g.Mul(dy, g.Mul(e.Output, OneMinus(g, e.Output)))],
        [Op.Silu] = (g, e, dy) => [g.Mul(dy, g.Add(e.Get<Value>(), g.Mul(e.Output, OneMinus(g, e.Get<Value>()))))],
        [Op.Sqrt] = (g, e, dy) => [g.Div(g.Scale(dy, 0.5f), e.Output)],
        [Op.Reciprocal] = (g, e, dy) => [g.Neg(g.Mul(dy, g.Mul(e.Output, e.Output)))],
        [Op.Cos] = (g, e, dy) => [g.Neg(g.Mul(dy, g.Sin(e.Inputs[0])))],
        [Op.Sin] = (g, e, dy) => [g.Mul(dy, g.Cos(e.Inputs[0]))],
        [Op.Acos] = (g, e, dy) => [g.Neg(g.Div(dy, g.Sqrt(OneMinus(g, g.Mul(e.Inputs[0], e.Inputs[0])))))],
        [Op.Clip] = Clip,
        [Op.Select] = (g, e, dy) => [g.Where(e.Get<Value>(), dy, g.Scalar(0)), g.Where(e.Get<Value>(), g.Scalar(0), dy)],
        [Op.Softmax] = (g, e, dy) => [g.Mul(e.Output, g.Sub(dy, g.ReduceSum(g.Mul(dy, e.Output), [e.Get<int>()])))],
        [Op.LogSoftmax] = (g, e, dy) => [g.Sub(dy, g.Mul(g.Exp(e.Output), g.ReduceSum(dy, [e.Get<int>()])))],
        [Op.Sum] = (g, e, dy) => [g.Expand(dy, e.Inputs[0].Shape)],
        [Op.Mean] = (g, e, dy) => [g.Expand(g.Scale(dy, (float)(dy.Size / (double)e.Inputs[0].Size)), e.Inputs[0].Shape)],
        [Op.Max] = Max,
        [Op.MatMul] = MatMul,
        [Op.Linear] = Linear,
        [Op.Reshape] = (g, e, dy) => [g.Reshape(dy, e.Inputs[0].Shape)],
        [Op.Transpose] = (g, e, dy) => [g.Transpose(dy, Inverse(e.Get<int[]>())) with { Layout = e.Inputs[0].Layout }],
        [Op.Concat] = Concat,
        [Op.Subsample] = (g, e, dy) => [ImageTaps.Scatter(g, dy, 0, 0, e.Get<int>(), e.Inputs[0].Height, e.Inputs[0].Width)],
        [Op.Convolution] = Convolution,
        [Op.BatchNorm] = (g, e, dy) => BatchNormForms.Backward(g, e.Inputs[0], e.Inputs[1], dy, e.Get<BatchStatistics>()),
        [Op.MaxPool] = (g, e, dy) => [MaxPool(g, e, dy)],
        [Op.AveragePool] = (g, e, dy) => [AveragePool(g, e.Inputs[0], dy)],
    };

    private static Value?[] Clip(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        var inside = graph.Equal(entry.Inputs[0], entry.Output);
        return [graph.Where(inside, dy, graph.Scalar(0))];
    }

    private static Value?[] Max(GraphBuilder graph, TapeEntry entry, Value dy) =>
        [graph.Where(graph.Equal(entry.Inputs[0], entry.Output), dy, graph.Scalar(0))];

    private static Value?[] MatMul(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        var (a, b) = (entry.Inputs[0], entry.Inputs[1]);
        return
        [
            entry.Needs[0] ? Fit(graph, graph.MatMul(dy, SwapLast(graph, b)), entry, 0) : null,
            entry.Needs[1] ? Fit(graph, graph.MatMul(SwapLast(graph, a), dy), entry, 1) : null,
        ];
    }

    private static Value?[] Linear(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        var dx = entry.Needs[0] ? graph.Gemm(dy, entry.Inputs[1]) : null;
        var dw = entry.Needs[1] ? graph.Gemm(dy, entry.Inputs[0], transposeA: true) : null;
        return entry.Inputs.Length == 2 ? [dx, dw] : [dx, dw, graph.ReduceSum(dy, [0], keep: false)];
    }

    private static Value?[] Concat(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        var (axis, start) = (entry.Get<int>(), 0);
        return [.. entry.Inputs.Select(part =>
        {
            var slice = graph.Slice(dy, [axis], [start], [part.Shape[axis]], [1]);
            start += part.Shape[axis];
            return slice;
        })];
    }

    private static Value?[] Convolution(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        var (form, kept) = entry.Get<(ConvolutionForm, object?)>();
        return form.Backward(graph, entry.Inputs[0], entry.Inputs[1], dy, kept, entry.Needs[0], entry.Needs[1]);
    }

    private static Value AveragePool(GraphBuilder graph, Value x, Value dy)
    {
        // Multiply by a map of 1/(H·W), because ONNX Runtime's Expand copies row by row on one thread.
        var pixels = x.Height * x.Width;
        int[] map = x.Layout == Layout.ChannelsFirst ? [x.Height, x.Width] : [x.Height, x.Width, 1];
        return graph.Mul(dy, graph.Constant([.. Enumerable.Repeat(1f / pixels, pixels)], map)) with { Layout = x.Layout };
    }

    private static Value MaxPool(GraphBuilder graph, TapeEntry entry, Value dy)
    {
        // The indices refer to the flattened tensor, so one flat scatter also handles overlapping windows.
        var flat = graph.ScatterAdd(graph.Reshape(entry.Get<Value>(), -1), graph.Reshape(dy, -1), (int)entry.Inputs[0].Size);
        return graph.Reshape(flat, entry.Inputs[0].Shape);
    }
}
