using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Autodiff;

/// <summary>Appends the gradient of one step: given dL/dy it returns dL/dx for every input, in their order.</summary>
internal delegate Value?[] GradientRule(GraphBuilder g, TapeEntry e, Value dy);

/// <summary>The table of derivatives: one line of calculus per operation. How a convolution is computed is the lowering's affair.</summary>
internal static partial class GradientRules
{
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

    private static Value?[] Clip(GraphBuilder g, TapeEntry e, Value dy)
    {
        var inside = g.Equal(e.Inputs[0], e.Output);
        return [g.Where(inside, dy, g.Scalar(0))];
    }

    private static Value?[] Max(GraphBuilder g, TapeEntry e, Value dy) =>
        [g.Where(g.Equal(e.Inputs[0], e.Output), dy, g.Scalar(0))];

    private static Value?[] MatMul(GraphBuilder g, TapeEntry e, Value dy)
    {
        var (a, b) = (e.Inputs[0], e.Inputs[1]);
        return
        [
            e.Needs[0] ? Fit(g, g.MatMul(dy, SwapLast(g, b)), e, 0) : null,
            e.Needs[1] ? Fit(g, g.MatMul(SwapLast(g, a), dy), e, 1) : null,
        ];
    }

    private static Value?[] Linear(GraphBuilder g, TapeEntry e, Value dy)
    {
        var dx = e.Needs[0] ? g.Gemm(dy, e.Inputs[1]) : null;
        var dw = e.Needs[1] ? g.Gemm(dy, e.Inputs[0], transposeA: true) : null;
        return e.Inputs.Length == 2 ? [dx, dw] : [dx, dw, g.ReduceSum(dy, [0], keep: false)];
    }

    private static Value?[] Concat(GraphBuilder g, TapeEntry e, Value dy)
    {
        var (axis, start) = (e.Get<int>(), 0);
        return [.. e.Inputs.Select(part =>
        {
            var slice = g.Slice(dy, [axis], [start], [part.Shape[axis]], [1]);
            start += part.Shape[axis];
            return slice;
        })];
    }

    private static Value?[] Convolution(GraphBuilder g, TapeEntry e, Value dy)
    {
        var (form, kept) = e.Get<(ConvolutionForm, object?)>();
        return form.Backward(g, e.Inputs[0], e.Inputs[1], dy, kept, e.Needs[0], e.Needs[1]);
    }

    private static Value AveragePool(GraphBuilder g, Value x, Value dy)
    {
        // A product with a map of 1/(H·W) spreads it; ONNX Runtime's Expand copies row by row on one thread.
        var pixels = x.Height * x.Width;
        int[] map = x.Layout == Layout.ChannelsFirst ? [x.Height, x.Width] : [x.Height, x.Width, 1];
        return g.Mul(dy, g.Constant([.. Enumerable.Repeat(1f / pixels, pixels)], map)) with { Layout = x.Layout };
    }

    private static Value MaxPool(GraphBuilder g, TapeEntry e, Value dy)
    {
        // The indices count over the whole flattened tensor, so one flat scatter adds what overlapping windows share.
        var flat = g.ScatterAdd(g.Reshape(e.Get<Value>(), -1), g.Reshape(dy, -1), (int)e.Inputs[0].Size);
        return g.Reshape(flat, e.Inputs[0].Shape);
    }
}
