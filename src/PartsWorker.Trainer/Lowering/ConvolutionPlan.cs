using System.Runtime.Intrinsics.X86;
using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Chooses the form of each convolution.</summary>
/// <param name="CpuForms">Use the forms that are faster on a CPU: channel-blocked depthwise kernels and channels-last
/// products.</param>
/// <param name="SmallMap">Maximum number of pixels for the channels-last form on a CPU; 64 (8x8) was the fastest in measurements.</param>
internal sealed record ConvolutionPlan(bool CpuForms = true, int SmallMap = 64)
{
    /// <summary>Only ONNX's standard operators, which run on every execution provider; tests compare the other forms with these.</summary>
    public static ConvolutionPlan StandardOperators { get; } = new(CpuForms: false);

    // The block size of ONNX Runtime's nchwc kernels is one vector register of floats.
    private static int Block => Avx512F.IsSupported ? 16 : 8;

    /// <summary>The fastest forms for a device.</summary>
    public static ConvolutionPlan For(ExecutionDevice device) => new(CpuForms: device == ExecutionDevice.Cpu);

    public ConvolutionForm Choose(Value x, Window window, bool channelsFirstOnly = false)
    {
        if (window.Groups > 1)
        {
            return CpuForms && x.Channels % Block == 0
                ? new BlockedDepthwiseConvolution(window)
                : new DepthwiseConvolution(window);
        }

        if (CpuForms && !channelsFirstOnly && x.Height * x.Width <= SmallMap)
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
}
