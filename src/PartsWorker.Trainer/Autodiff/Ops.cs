using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Autodiff;

/// <summary>Differentiable operations: each appends its forward nodes to the graph and one entry to the tape.</summary>
internal sealed partial class Ops(GraphBuilder graph, Tape tape)
{
    private readonly Dictionary<string, Value> _relaid = [];

    public GraphBuilder Graph { get; } = graph;

    public Tape Tape { get; } = tape;

    public Value Add(Value a, Value b) => Tape.Record(Op.Add, [a, b], Graph.Add(a, b));

    public Value Sub(Value a, Value b) => Tape.Record(Op.Sub, [a, b], Graph.Sub(a, b));

    public Value Mul(Value a, Value b) => Tape.Record(Op.Mul, [a, b], Graph.Mul(a, b));

    public Value Scale(Value x, float factor) => Tape.Record(Op.Scale, [x], Graph.Scale(x, factor), factor);

    public Value Relu(Value x) => Tape.Record(Op.Relu, [x], Graph.Relu(x));

    /// <summary>PReLU with one slope per channel; <paramref name="slope"/> has shape [C].</summary>
    public Value PRelu(Value x, Value slope) => Tape.Record(Op.PRelu, [x, slope], Rectifiers.PRelu(Graph, x, slope));

    public Value Sigmoid(Value x) => Tape.Record(Op.Sigmoid, [x], Graph.Sigmoid(x));

    /// <summary>x · sigmoid(x), also known as swish.</summary>
    public Value Silu(Value x)
    {
        var gate = Graph.Sigmoid(x);
        return Tape.Record(Op.Silu, [x], Graph.Mul(x, gate), gate);
    }

    public Value Sqrt(Value x) => Tape.Record(Op.Sqrt, [x], Graph.Sqrt(x));

    public Value Reciprocal(Value x) => Tape.Record(Op.Reciprocal, [x], Graph.Reciprocal(x));

    public Value Cos(Value x) => Tape.Record(Op.Cos, [x], Graph.Cos(x));

    public Value Sin(Value x) => Tape.Record(Op.Sin, [x], Graph.Sin(x));

    public Value Acos(Value x) => Tape.Record(Op.Acos, [x], Graph.Acos(x));

    public Value Clip(Value x, float low, float high) => Tape.Record(Op.Clip, [x], Graph.Clip(x, low, high), (low, high));

    /// <summary>
    /// <paramref name="then"/> where the condition is true, otherwise <paramref name="otherwise"/>; all of the same shape.
    /// </summary>
    public Value Select(Value condition, Value then, Value otherwise) =>
        Tape.Record(Op.Select, [then, otherwise], Graph.Where(condition, then, otherwise), condition);

    public Value Softmax(Value x, int axis) => Tape.Record(Op.Softmax, [x], Graph.Softmax(x, axis), axis);

    public Value LogSoftmax(Value x, int axis) => Tape.Record(Op.LogSoftmax, [x], Graph.LogSoftmax(x, axis), axis);

    /// <summary>Sum along axes, which keep length one.</summary>
    public Value Sum(Value x, params int[] axes) => Tape.Record(Op.Sum, [x], Graph.ReduceSum(x, axes));

    public Value Mean(Value x, params int[] axes) => Tape.Record(Op.Mean, [x], Graph.ReduceMean(x, axes));

    public Value Max(Value x, int axis) => Tape.Record(Op.Max, [x], Graph.ReduceMax(x, [axis]));

    public Value MatMul(Value a, Value b) => Tape.Record(Op.MatMul, [a, b], Graph.MatMul(a, b));

    /// <summary>x · weightᵀ + bias, weight [out, in] as in PyTorch.</summary>
    public Value Linear(Value x, Value weight, Value? bias = null) => bias is null
        ? Tape.Record(Op.Linear, [x, weight], Graph.Gemm(x, weight, transposeB: true))
        : Tape.Record(Op.Linear, [x, weight, bias], Graph.Gemm(x, weight, transposeB: true, bias: bias));

    public Value Reshape(Value x, params int[] shape) => Tape.Record(Op.Reshape, [x], Graph.Reshape(x, shape));

    public Value Transpose(Value x, params int[] order) => Tape.Record(Op.Transpose, [x], Graph.Transpose(x, order), order);

    public Value Concat(int axis, params Value[] parts) => Tape.Record(Op.Concat, parts, Graph.Concat(axis, parts), axis);

    /// <summary>Every stride-th pixel, like a 1x1 max pool with a stride.</summary>
    public Value Subsample(Value x, int stride) =>
        stride == 1
            ? x
            : Tape.Record(
                Op.Subsample,
                [x],
                ImageTaps.Gather(Graph, x, 0, 0, stride, ((x.Height - 1) / stride) + 1, ((x.Width - 1) / stride) + 1),
                stride);

    public Value Convolution(Value x, Value weight, ConvolutionForm form) =>
        Tape.Record(Op.Convolution, [x, weight], form.Forward(Graph, x, weight, out var kept), (form, kept));

    public Value AveragePool(Value x) => Tape.Record(Op.AveragePool, [x], Graph.GlobalAveragePool(x));

    public Value MaxPool(Value x, int kernel, int stride, int padding)
    {
        var (pooled, indices) = Graph.MaxPool(x, kernel, stride, padding);
        return Tape.Record(Op.MaxPool, [x], pooled, indices);
    }

    /// <summary>
    /// Normalizes with the statistics of this batch and also returns them (the variance is biased).
    /// </summary>
    public (Value Y, Value Mean, Value Variance) BatchNorm(Value x, Value scale, Value shift, float epsilon)
    {
        var (y, saved) = BatchNormForms.Forward(Graph, x, scale, shift, epsilon);
        return (Tape.Record(Op.BatchNorm, [x, scale, shift], y, saved), saved.Mean, saved.Variance);
    }

    /// <summary>The same value in another layout; the transpose is shared between calls.</summary>
    public Value InLayout(Value x, Layout layout)
    {
        if (x.Rank != 4 || x.Layout == layout)
        {
            return x;
        }

        if (!_relaid.TryGetValue(x.Name, out var other))
        {
            int[] order = layout == Layout.ChannelsLast ? [0, 2, 3, 1] : [0, 3, 1, 2];
            var turned = layout == Layout.ChannelsLast ? Graph.ToChannelsLast(x) : Graph.ToChannelsFirst(x);
            _relaid[x.Name] = other = Tape.Record(Op.Transpose, [x], turned, order);
        }

        return other;
    }
}
