using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace PartsWorker.Inference;

/// <summary>A zeroed block of unmanaged memory that the graphs read or write in place. Its address never changes, so tensors over it are made once.</summary>
internal sealed unsafe class NativeBuffer<T>(int images, int perImage) : MemoryManager<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private T* _start = (T*)Allocate((nuint)((long)images * perImage * sizeof(T)));

    public Span<T> Image(int index) => new(_start + ((nint)index * perImage), perImage);

    public Memory<T> ImageMemory(int index) => Memory.Slice(index * perImage, perImage);

    public override Span<T> GetSpan() => new(_start, images * perImage);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>A tensor over the first images; the caller disposes of it before this buffer.</summary>
    public OrtValue Tensor(TensorElementType type, long[] shape)
    {
        var bytes = sizeof(T) * shape.Aggregate(1L, (product, length) => product * length);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)_start, bytes);
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }

    private static void* Allocate(nuint bytes)
    {
        var memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }
}
