using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Width and height in pixels.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ImageSize(int Width, int Height)
{
    public long Pixels => (long)Width * Height;

    public ImageSize Transposed => new(Height, Width);

    public override string ToString() => $"{Width}x{Height}";
}
