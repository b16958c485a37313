using System.Runtime.InteropServices;

namespace PartsWorker.Inference.Training;

/// <summary>Zeroed memory outside the managed heap, aligned for vector instructions; ONNX Runtime reads and writes it in place.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private void* _memory;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        _memory = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        NativeMemory.Clear(_memory, (nuint)bytes);
    }

    /// <summary>Length in bytes.</summary>
    public long Bytes { get; }

    internal IntPtr Address => _memory == null ? throw new ObjectDisposedException(nameof(NativeBuffer)) : (IntPtr)_memory;

    /// <summary>The memory as numbers of one type, from byte <paramref name="offset"/> on.</summary>
    public Span<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + ((long)count * sizeof(T)), Bytes);
        return new Span<T>((byte*)Address + offset, count);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
