using System.Runtime.InteropServices;

namespace PartsWorker.Trainer.Quantization;

/// <summary>The 256 numbers that a rounded tensor can have: (code - zero) times scale.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Grid(float Scale, byte Zero)
{
    private const float Steps = 255;
    private const float Smallest = 1e-8f;

    /// <summary>A grid from low to high that contains 0.</summary>
    public static Grid Of(float low, float high)
    {
        (low, high) = (MathF.Min(low, 0), MathF.Max(high, 0));
        var scale = MathF.Max((high - low) / Steps, Smallest);
        return new(scale, (byte)Math.Clamp(MathF.Round(-low / scale), 0, Steps));
    }
}
