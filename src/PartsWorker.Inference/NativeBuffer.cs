using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace PartsWorker.Inference;

/// <summary>
/// Zeroed native memory, aligned for vector instructions, that graphs read and write in place. Its address never changes, so tensors over
/// it are created once.
/// </summary>
public sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const nuint Alignment = 64;
    private byte* _start;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        NativeMemory.Clear(_start, (nuint)bytes);
    }

    /// <summary>Length in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The memory as elements of one type, starting at byte <paramref name="offset"/>.</summary>
    public Span<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        Require(offset, (long)count * sizeof(T));
        return new Span<T>(_start + offset, count);
    }

    public override Span<byte> GetSpan() => Span<byte>(0, checked((int)Bytes));

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    public void Dispose() => ((IDisposable)this).Dispose();

    /// <summary>A tensor that starts at byte <paramref name="offset"/>. The caller disposes it before this buffer.</summary>
    internal OrtValue Tensor(TensorElementType type, long[] shape, long offset = 0)
    {
        var bytes = SizeOf(type) * shape.Aggregate(1L, (product, length) => product * length);
        Require(offset, bytes);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)(_start + offset), bytes);
    }

    /// <summary>Bytes per element.</summary>
    internal static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => sizeof(float),
        TensorElementType.Int64 => sizeof(long),
        TensorElementType.UInt8 => sizeof(byte),
        _ => throw new NotSupportedException($"a {type} tensor cannot be bound"),
    };

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }

    private void Require(long offset, long bytes)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes, Bytes);
    }
}
