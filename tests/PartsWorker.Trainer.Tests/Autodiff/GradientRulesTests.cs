using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Tests.Autodiff;

public sealed class GradientRulesTests
{
    [Fact]
    public void The_gradient_of_add_and_subtract_with_broadcasting_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Sub(o.Add(x[0], x[1]), x[2]), [[2, 3, 4], [3, 1], [1, 3, 4]]);

    [Fact]
    public void The_gradient_of_multiply_with_broadcasting_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Mul(o.Mul(x[0], x[1]), x[2]), [[2, 3, 4], [4], [2, 1, 1]]);

    [Fact]
    public void The_gradient_of_scale_agrees_with_central_differences() => GradientCheck.Run((o, x) => o.Scale(x[0], -2.5f), [[2, 3]]);

    [Fact]
    public void The_gradient_of_relu_agrees_with_central_differences() => GradientCheck.Run((o, x) => o.Relu(x[0]), [[5, 7]], step: 1e-4);

    [Fact]
    public void The_gradient_of_prelu_channels_first_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.PRelu(x[0], x[1]), [[2, 3, 2, 2], [3]], step: 1e-3);

    [Fact]
    public void The_gradient_of_prelu_channels_last_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.PRelu(o.InLayout(x[0], Layout.ChannelsLast), x[1]), [[2, 3, 2, 2], [3]], step: 1e-3);

    [Fact]
    public void The_gradient_of_sigmoid_agrees_with_central_differences() => GradientCheck.Run((o, x) => o.Sigmoid(x[0]), [[3, 4]], -3, 3);

    [Fact]
    public void The_gradient_of_silu_agrees_with_central_differences() => GradientCheck.Run((o, x) => o.Silu(x[0]), [[3, 4]], -3, 3);

    [Fact]
    public void The_gradient_of_square_root_and_reciprocal_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Reciprocal(o.Sqrt(x[0])), [[3, 4]], 0.5f, 2, 1e-3);

    [Fact]
    public void The_gradient_of_cosine_and_sine_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Mul(o.Cos(x[0]), o.Sin(x[0])), [[3, 4]], -3, 3);

    [Fact]
    public void The_gradient_of_arc_cosine_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Acos(x[0]), [[3, 4]], -0.9f, 0.9f, 1e-3);

    [Fact]
    public void The_gradient_of_clip_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Clip(x[0], -0.5f, 0.5f), [[5, 7]], step: 1e-4);

    [Fact]
    public void The_gradient_of_select_agrees_with_central_differences() =>
        GradientCheck.Run(
            (o, x) => o.Select(o.Graph.Greater(x[0], o.Graph.Scalar(0)), o.Mul(x[0], x[0]), x[1]), [[3, 4], [3, 4]], step: 1e-3);

    [Fact]
    public void The_gradient_of_softmax_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Softmax(x[0], 1), [[3, 5]], -2, 2);

    [Fact]
    public void The_gradient_of_log_softmax_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.LogSoftmax(x[0], 1), [[3, 5]], -2, 2);

    [Fact]
    public void The_gradient_of_sum_and_mean_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Mul(o.Sum(x[0], 1), o.Mean(x[0], 0, 2)), [[2, 3, 4]]);

    [Fact]
    public void The_gradient_of_max_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.Max(x[0], 1), [[4, 6, 2]], step: 1e-4);

    [Fact]
    public void The_gradient_of_batched_matrix_product_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.MatMul(x[0], x[1]), [[2, 3, 4], [4, 5]]);

    [Fact]
    public void The_gradient_of_linear_with_and_without_bias_agrees_with_central_differences() => GradientCheck.Run(
        (o, x) => o.Linear(o.Linear(x[0], x[1], x[2]), x[3]), [[3, 4], [5, 4], [5], [2, 5]]);

    [Fact]
    public void The_gradient_of_reshape_transpose_and_concat_agrees_with_central_differences() => GradientCheck.Run(
        (o, x) => o.Concat(1, o.Transpose(o.Reshape(x[0], 4, 6), 1, 0), x[1]), [[2, 3, 4], [6, 2]]);

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void The_gradient_of_subsample_agrees_with_central_differences(int size) =>
        GradientCheck.Run((o, x) => o.Subsample(x[0], 2), [[2, 3, size, size]]);

    [Theory]
    [InlineData(8, 2, 2, 0)]
    [InlineData(9, 3, 2, 1)]
    public void The_gradient_of_max_pool_with_overlap_agrees_with_central_differences(int size, int kernel, int stride, int padding) =>
        GradientCheck.Run((o, x) => o.MaxPool(x[0], kernel, stride, padding), [[2, 3, size, size]], step: 1e-4, tolerance: 5e-2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_global_average_pool_agrees_with_central_differences(bool last) =>
        GradientCheck.Run((o, x) => o.AveragePool(o.InLayout(x[0], last ? Layout.ChannelsLast : Layout.ChannelsFirst)), [[2, 3, 4, 5]]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_batch_norm_of_images_agrees_with_central_differences(bool last) => GradientCheck.Run(
        (o, x) => o.BatchNorm(o.InLayout(x[0], last ? Layout.ChannelsLast : Layout.ChannelsFirst), x[1], x[2], 1e-5f).Y,
        [[3, 4, 3, 2], [4], [4]]);

    [Fact]
    public void The_gradient_of_batch_norm_of_vectors_agrees_with_central_differences() =>
        GradientCheck.Run((o, x) => o.BatchNorm(x[0], x[1], x[2], 1e-5f).Y, [[7, 4], [4], [4]]);

    [Fact]
    public void A_value_used_twice_gets_both_gradients() =>
        GradientCheck.Run((o, x) => o.Add(o.Mul(x[0], x[0]), o.Relu(x[0])), [[3, 4]], step: 1e-3);
}
