using System.Runtime.Intrinsics.X86;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Chooses the form of each convolution for one provider.</summary>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="SmallMap">Maps of at most this many pixels are computed channels-last on the CPU; 64 (8x8) was measured best.</param>
internal sealed record ConvolutionPlan(string Device = "cpu", int SmallMap = 64)
{
    /// <summary>ONNX's standard operators only: the plain form that the faster ones are checked against.</summary>
    public static ConvolutionPlan Plain { get; } = new("cuda");

    private bool OnCpu => Device == "cpu";

    public ConvolutionForm Choose(Value x, Window window, bool channelsFirstOnly = false)
    {
        if (window.Groups > 1)
        {
            return OnCpu && x.Channels % Block == 0
                ? new BlockedDepthwiseConvolution(window)
                : new DepthwiseConvolution(window);
        }

        if (OnCpu && !channelsFirstOnly && x.Height * x.Width <= SmallMap)
        {
            return new ChannelsLastConvolution(window);
        }

        return (x.Channels, window) switch
        {
            ( <= 4, _) => new StemConvolution(window),
            (_, { Kernel: 1, Stride: 1 }) => new PointwiseConvolution(window),
            _ => new PlainConvolution(window),
        };
    }

    // The block of ONNX Runtime's nchwc kernels is one vector register of floats.
    private static int Block => Avx512F.IsSupported ? 16 : 8;
}
