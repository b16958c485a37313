using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Tests.Autodiff;

public sealed class Every_rule_agrees_with_central_differences
{
    [Fact]
    public void Add_and_subtract_with_broadcasting() =>
        GradientCheck.Run((o, x) => o.Sub(o.Add(x[0], x[1]), x[2]), [[2, 3, 4], [3, 1], [1, 3, 4]]);

    [Fact]
    public void Multiply_with_broadcasting() =>
        GradientCheck.Run((o, x) => o.Mul(o.Mul(x[0], x[1]), x[2]), [[2, 3, 4], [4], [2, 1, 1]]);

    [Fact]
    public void Scale() => GradientCheck.Run((o, x) => o.Scale(x[0], -2.5f), [[2, 3]]);

    [Fact]
    public void Relu() => GradientCheck.Run((o, x) => o.Relu(x[0]), [[5, 7]], step: 1e-4);

    [Fact]
    public void PRelu_channels_first() => GradientCheck.Run((o, x) => o.PRelu(x[0], x[1]), [[2, 3, 2, 2], [3]], step: 1e-3);

    [Fact]
    public void PRelu_channels_last() =>
        GradientCheck.Run((o, x) => o.PRelu(o.InLayout(x[0], Layout.ChannelsLast), x[1]), [[2, 3, 2, 2], [3]], step: 1e-3);

    [Fact]
    public void Sigmoid() => GradientCheck.Run((o, x) => o.Sigmoid(x[0]), [[3, 4]], -3, 3);

    [Fact]
    public void Silu() => GradientCheck.Run((o, x) => o.Silu(x[0]), [[3, 4]], -3, 3);

    [Fact]
    public void Square_root_and_reciprocal() => GradientCheck.Run((o, x) => o.Reciprocal(o.Sqrt(x[0])), [[3, 4]], 0.5f, 2, 1e-3);

    [Fact]
    public void Cosine_and_sine() => GradientCheck.Run((o, x) => o.Mul(o.Cos(x[0]), o.Sin(x[0])), [[3, 4]], -3, 3);

    [Fact]
    public void Arc_cosine() => GradientCheck.Run((o, x) => o.Acos(x[0]), [[3, 4]], -0.9f, 0.9f, 1e-3);

    [Fact]
    public void Clip() => GradientCheck.Run((o, x) => o.Clip(x[0], -0.5f, 0.5f), [[5, 7]], step: 1e-4);

    [Fact]
    public void Select() =>
        GradientCheck.Run((o, x) => o.Select(o.Graph.Greater(x[0], o.Graph.Scalar(0)), o.Mul(x[0], x[0]), x[1]), [[3, 4], [3, 4]], step: 1e-3);

    [Fact]
    public void Softmax() => GradientCheck.Run((o, x) => o.Softmax(x[0], 1), [[3, 5]], -2, 2);

    [Fact]
    public void Log_softmax() => GradientCheck.Run((o, x) => o.LogSoftmax(x[0], 1), [[3, 5]], -2, 2);

    [Fact]
    public void Sum_and_mean() => GradientCheck.Run((o, x) => o.Mul(o.Sum(x[0], 1), o.Mean(x[0], 0, 2)), [[2, 3, 4]]);

    [Fact]
    public void Maximum() => GradientCheck.Run((o, x) => o.Max(x[0], 1), [[4, 6, 2]], step: 1e-4);

    [Fact]
    public void Batched_matrix_product() => GradientCheck.Run((o, x) => o.MatMul(x[0], x[1]), [[2, 3, 4], [4, 5]]);

    [Fact]
    public void Linear_with_and_without_bias() => GradientCheck.Run(
        (o, x) => o.Linear(o.Linear(x[0], x[1], x[2]), x[3]), [[3, 4], [5, 4], [5], [2, 5]]);

    [Fact]
    public void Reshape_transpose_and_concat() => GradientCheck.Run(
        (o, x) => o.Concat(1, o.Transpose(o.Reshape(x[0], 4, 6), 1, 0), x[1]), [[2, 3, 4], [6, 2]]);

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Subsample(int size) => GradientCheck.Run((o, x) => o.Subsample(x[0], 2), [[2, 3, size, size]]);

    [Theory]
    [InlineData(8, 2, 2, 0)]
    [InlineData(9, 3, 2, 1)]
    public void Max_pool_with_overlap(int size, int kernel, int stride, int padding) =>
        GradientCheck.Run((o, x) => o.MaxPool(x[0], kernel, stride, padding), [[2, 3, size, size]], step: 1e-4, tolerance: 5e-2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Global_average_pool(bool last) =>
        GradientCheck.Run((o, x) => o.AveragePool(o.InLayout(x[0], last ? Layout.ChannelsLast : Layout.ChannelsFirst)), [[2, 3, 4, 5]]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batch_norm_of_images(bool last) => GradientCheck.Run(
        (o, x) => o.BatchNorm(o.InLayout(x[0], last ? Layout.ChannelsLast : Layout.ChannelsFirst), x[1], x[2], 1e-5f).Y,
        [[3, 4, 3, 2], [4], [4]]);

    [Fact]
    public void Batch_norm_of_vectors() => GradientCheck.Run((o, x) => o.BatchNorm(x[0], x[1], x[2], 1e-5f).Y, [[7, 4], [4], [4]]);

    [Fact]
    public void A_value_used_twice_gets_both_gradients() => GradientCheck.Run((o, x) => o.Add(o.Mul(x[0], x[0]), o.Relu(x[0])), [[3, 4]], step: 1e-3);
}
