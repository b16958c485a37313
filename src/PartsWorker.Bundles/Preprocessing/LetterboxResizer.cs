namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// The one resizer of trainer and worker: longest side to S, antialiased bilinear as in Pillow (two passes, each rounded to 8 bits),
/// centered on black. Bit-exact with <c>Image.resize(size, BILINEAR)</c> and a paste. Keeps its weights and scratch rows: one instance
/// serves one thread at a time.
/// </summary>
public sealed class LetterboxResizer(int size)
{
    private readonly bool _vectors = true;
    private readonly ResamplePlan _horizontal = new();
    private readonly ResamplePlan _vertical = new();
    private byte[] _rows = [];

    internal LetterboxResizer(int size, bool vectors)
        : this(size) => _vectors = vectors;

    /// <summary>The size of the image inside the box: scale = S / longer side, halves rounded up, at least 1.</summary>
    public static ImageSize FitInside(ImageSize image, int size)
    {
        var scale = (double)size / Math.Max(image.Width, image.Height);
        return new ImageSize(
            Math.Max(1, (int)Math.Floor((image.Width * scale) + 0.5)),
            Math.Max(1, (int)Math.Floor((image.Height * scale) + 0.5)));
    }

    /// <summary>Letterboxes RGB24 pixels into S*S*3 bytes.</summary>
    /// <param name="pixels">Rows without padding.</param>
    /// <param name="decoded">The size of <paramref name="pixels"/>.</param>
    /// <param name="original">The size of the image in its file, which decides the size inside the box.</param>
    /// <param name="destination">S*S*3 bytes, every one of them written.</param>
    public void Resize(ReadOnlySpan<byte> pixels, ImageSize decoded, ImageSize original, Span<byte> destination)
    {
        var inner = FitInside(original, size);
        var left = (size - inner.Width) / 2;
        var top = (size - inner.Height) / 2;
        destination = destination[..(size * size * 3)];
        if (inner.Width < size || inner.Height < size)
        {
            destination.Clear();
        }

        _horizontal.Fit(decoded.Width, inner.Width);
        _vertical.Fit(decoded.Height, inner.Height);
        var rows = decoded.Width == inner.Width ? pixels : ResampleRows(pixels, decoded, inner.Width);
        var stride = inner.Width * 3;
        for (var y = 0; y < inner.Height; y++)
        {
            var target = destination.Slice((((top + y) * size) + left) * 3, stride);
            VerticalPass.Run(_vertical, y, rows, stride, target, _vectors);
        }
    }

    private ReadOnlySpan<byte> ResampleRows(ReadOnlySpan<byte> pixels, ImageSize decoded, int width)
    {
        var (source, stride) = (decoded.Width * 3, width * 3);
        if (_rows.Length < stride * decoded.Height)
        {
            _rows = GC.AllocateUninitializedArray<byte>(stride * decoded.Height);
        }

        for (var y = 0; y < decoded.Height; y++)
        {
            HorizontalPass.Run(_horizontal, pixels.Slice(y * source, source), _rows.AsSpan(y * stride, stride), _vectors);
        }

        return _rows.AsSpan(0, stride * decoded.Height);
    }
}
