using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Tests.Autodiff;

public sealed class ConvolutionFormTests
{
    [Theory]
    [InlineData(6, 3, 1, 1)]
    [InlineData(7, 3, 2, 1)]
    [InlineData(8, 3, 2, 1)]
    [InlineData(8, 1, 2, 0)]
    [InlineData(8, 1, 1, 0)]
    [InlineData(5, 3, 1, 0)]
    public void The_plain_convolution_agrees_with_central_differences(int size, int kernel, int stride, int padding) =>
        Check(new PlainConvolution(new Window(kernel, stride, padding)), [[2, 3, size, size], [4, 3, kernel, kernel]]);

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public void The_pointwise_convolution_agrees_with_central_differences(int size) =>
        Check(new PointwiseConvolution(new Window(1)), [[2, 3, size, size], [4, 3, 1, 1]]);

    [Theory]
    [InlineData(9, 7, 2, 3)]
    [InlineData(10, 7, 2, 3)]
    [InlineData(8, 3, 1, 1)]
    public void The_stem_convolution_agrees_with_central_differences(int size, int kernel, int stride, int padding) =>
        Check(new StemConvolution(new Window(kernel, stride, padding)), [[2, 3, size, size], [4, 3, kernel, kernel]]);

    [Theory]
    [InlineData(4, 3, 1, 1)]
    [InlineData(5, 3, 2, 1)]
    [InlineData(6, 3, 2, 1)]
    [InlineData(6, 1, 2, 0)]
    [InlineData(5, 1, 2, 0)]
    [InlineData(4, 1, 1, 0)]
    [InlineData(4, 3, 1, 0)]
    [InlineData(2, 3, 2, 1)]
    public void The_channels_last_convolution_agrees_with_central_differences(int size, int kernel, int stride, int padding) =>
        Check(new ChannelsLastConvolution(new Window(kernel, stride, padding)), [[2, 3, size, size], [4, kernel, kernel, 3]]);

    [Theory]
    [InlineData(6, 3, 1, 1)]
    [InlineData(7, 3, 2, 1)]
    [InlineData(8, 3, 2, 1)]
    [InlineData(5, 5, 1, 0)]
    public void The_depthwise_convolution_agrees_with_central_differences(int size, int kernel, int stride, int padding) =>
        Check(new DepthwiseConvolution(new Window(kernel, stride, padding, 3)), [[2, 3, size, size], [3, 1, kernel, kernel]]);

    [Theory]
    [InlineData(6, 3, 1, 1)]
    [InlineData(7, 3, 2, 1)]
    [InlineData(8, 3, 2, 1)]
    [InlineData(5, 5, 1, 0)]
    public void The_blocked_depthwise_convolution_agrees_with_central_differences(int size, int kernel, int stride, int padding)
    {
        var form = new ConvolutionPlan().Choose(
            new Value("x", ElementType.Float, [2, 16, size, size]), new Window(kernel, stride, padding, 16));
        Assert.IsType<BlockedDepthwiseConvolution>(form);
        Check(form, [[2, 16, size, size], [16, 1, kernel, kernel]]);
    }

    private static void Check(ConvolutionForm form, int[][] shapes) =>
        GradientCheck.Run((o, x) => o.Convolution(o.InLayout(x[0], form.Layout), x[1], form), shapes);
}
