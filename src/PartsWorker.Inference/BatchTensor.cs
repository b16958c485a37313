using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>The memory of one tensor of a batch, [images, ...].</summary>
internal sealed class BatchTensor : IDisposable
{
    private readonly StageTensor _tensor;
    private readonly NativeBuffer _memory;
    private readonly int _perImage;
    private readonly int _imageBytes;

    public BatchTensor(StageTensor tensor, int images)
    {
        _tensor = tensor;
        _perImage = tensor.PerImage.Aggregate(1, (product, length) => product * length);
        _imageBytes = _perImage * NativeBuffer.SizeOf(tensor.Type);
        _memory = new NativeBuffer((long)images * _imageBytes);
    }

    /// <summary>The elements of one image.</summary>
    public Span<T> Image<T>(int index)
        where T : unmanaged => _memory.Span<T>((long)index * _imageBytes, _perImage);

    /// <summary>The bytes of one image.</summary>
    public Memory<byte> Memory(int index) => _memory.Memory.Slice(index * _imageBytes, _imageBytes);

    /// <summary>The first images as an input or output of a graph. The caller disposes it before this object.</summary>
    public OrtValue First(int images) => _memory.Tensor(_tensor.Type, [images, .. _tensor.PerImage.Select(length => (long)length)]);

    public void Dispose() => _memory.Dispose();
}
