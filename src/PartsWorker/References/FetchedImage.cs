using System.Buffers;

namespace PartsWorker.References;

/// <summary>The encoded bytes of one image in a pooled buffer. Do not use <see cref="Bytes"/> after Dispose.</summary>
internal sealed class FetchedImage(byte[] buffer, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Bytes =>
        _buffer is { } bytes ? bytes.AsMemory(0, length) : throw new ObjectDisposedException(nameof(FetchedImage));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } bytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
