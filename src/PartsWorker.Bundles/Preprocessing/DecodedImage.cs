using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Decoded pixels, RGB24, rows without padding, EXIF orientation applied. The buffer is native and is kept from image to image, so that a
/// decoding thread allocates nothing in steady state; one instance serves one thread at a time.
/// </summary>
public sealed unsafe class DecodedImage : IDisposable
{
    // A buffer grown for one huge image is not kept for the smaller ones that follow.
    private const int KeptBytes = 16 * 1024 * 1024;

    private byte* _buffer;
    private nint _capacity;

    public ImageSize Size { get; private set; }

    /// <summary>The size of the image in the file, after EXIF orientation; differs from <see cref="Size"/> after scaled decoding.</summary>
    public ImageSize OriginalSize { get; internal set; }

    public int Width => Size.Width;

    public int Height => Size.Height;

    public int Stride => Size.Width * 3;

    public Span<byte> Pixels => new(_buffer, checked(Stride * Size.Height));

    public Span<byte> Row(int y) => Pixels.Slice(y * Stride, Stride);

    /// <summary>Sets the size; the content is undefined afterwards.</summary>
    public void Allocate(ImageSize size)
    {
        var bytes = checked((nint)(size.Pixels * 3));
        if (bytes > _capacity || _capacity > KeptBytes)
        {
            Release();
            _buffer = (byte*)NativeMemory.Alloc((nuint)bytes);
            _capacity = bytes;
        }

        Size = size;
        OriginalSize = size;
    }

    public void Dispose() => Release();

    /// <summary>Keeps the left and top part of the pixels.</summary>
    internal void Crop(ImageSize size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size.Width, Width, nameof(size));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size.Height, Height, nameof(size));
        if (size.Width < Width)
        {
            var pixels = Pixels;
            for (var y = 1; y < size.Height; y++)
            {
                pixels.Slice(y * Stride, size.Width * 3).CopyTo(pixels[(y * size.Width * 3)..]);
            }
        }

        Size = size;
    }

    internal void SwapWith(DecodedImage other)
    {
        var buffer = _buffer;
        _buffer = other._buffer;
        other._buffer = buffer;
        (_capacity, other._capacity) = (other._capacity, _capacity);
        (Size, other.Size) = (other.Size, Size);
        (OriginalSize, other.OriginalSize) = (other.OriginalSize, OriginalSize);
    }

    private void Release()
    {
        NativeMemory.Free(_buffer);
        _buffer = null;
        _capacity = 0;
        Size = default;
    }
}
