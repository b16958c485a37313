using System.Buffers;

namespace PartsWorker.References;

/// <summary>
/// A pooled buffer that grows with the bytes that arrive, never with an announced length, and reports when the limit is exceeded.
/// Its owner ends it with <see cref="ToImage"/> or <see cref="Dispose"/>.
/// </summary>
internal sealed class ImageBuffer(int maxBytes) : IDisposable
{
    private const int FirstBytes = 256 * 1024;
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBytes, maxBytes + 1));

    public int Length { get; private set; }

    public bool IsOverLimit => Length > maxBytes;

    /// <summary>
    /// Room for the next bytes; not empty until the limit is exceeded. It has one byte more than the limit, to detect the excess.
    /// </summary>
    public Memory<byte> Free
    {
        get
        {
            if (Length == Bytes.Length)
            {
                Grow(Length + 1);
            }

            return Bytes.AsMemory(Length, Math.Min(Bytes.Length, maxBytes + 1) - Length);
        }
    }

    private byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(ImageBuffer));

    /// <summary>Makes room for a length that the source knows (a file) rather than claims (a server).</summary>
    public void Reserve(int length)
    {
        if (length > Bytes.Length)
        {
            Grow(length);
        }
    }

    public void Advance(int count) => Length += count;

    public FetchedImage ToImage()
    {
        var image = new FetchedImage(Bytes, Length);
        _bytes = null;
        return image;
    }

    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Grow(int least)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(least, 2 * Bytes.Length), maxBytes + 1));
        Bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Bytes);
        _bytes = larger;
    }
}
