using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>
/// The memory of one batch: slots that decoding writes to, and the outputs of both stages. Made once and used again; several may exist at a time,
/// so that one is filled while another runs. Slots and outputs of different images may be used from different threads.
/// </summary>
public sealed class ClassifierBatch : IDisposable
{
    private readonly NativeBuffer<byte> _images;
    private readonly NativeBuffer<float> _embedding;
    private readonly NativeBuffer<float> _scores;
    private readonly NativeBuffer<long> _indices;
    private readonly NativeBuffer<float> _colorLogits;
    private readonly NativeBuffer<float> _shapeLogits;

    internal ClassifierBatch(BatchLayout layout, int[] buckets)
    {
        Capacity = buckets[^1];
        _images = Buffer<byte>(layout.Image);
        _embedding = Buffer<float>(layout.Embedding);
        _scores = Buffer<float>(layout.Scores);
        _indices = Buffer<long>(layout.Indices);
        _colorLogits = Buffer<float>(layout.ColorLogits);
        _shapeLogits = Buffer<float>(layout.ShapeLogits);
        StageOne = [.. buckets.Select(size => new StageCall([Tensor(_images, layout.Image, size)], [Tensor(_embedding, layout.Embedding, size), Tensor(_scores, layout.Scores, size), Tensor(_indices, layout.Indices, size)]))];
        StageTwo = [.. buckets.Select(size => new StageCall([Tensor(_images, layout.StageTwoImage, size)], [Tensor(_colorLogits, layout.ColorLogits, size), Tensor(_shapeLogits, layout.ShapeLogits, size)]))];
    }

    /// <summary>Most images it holds.</summary>
    public int Capacity { get; }

    internal StageCall[] StageOne { get; }

    internal StageCall[] StageTwo { get; }

    /// <summary>Where image <paramref name="i"/> goes: S*S*3 bytes, RGB, letterboxed.</summary>
    public Memory<byte> Slot(int i) => _images.ImageMemory(i);

    /// <summary>Unit vector of stage one.</summary>
    public ReadOnlySpan<float> Embedding(int i) => _embedding.Image(i);

    /// <summary>Cosines of the hits, descending.</summary>
    public ReadOnlySpan<float> Scores(int i) => _scores.Image(i);

    /// <summary>Gallery rows of the hits.</summary>
    public ReadOnlySpan<long> Indices(int i) => _indices.Image(i);

    public ReadOnlySpan<float> ColorLogits(int i) => _colorLogits.Image(i);

    public ReadOnlySpan<float> ShapeLogits(int i) => _shapeLogits.Image(i);

    public void Dispose()
    {
        foreach (var call in StageOne.Concat(StageTwo))
        {
            call.Dispose();
        }

        foreach (IDisposable buffer in new IDisposable[] { _images, _embedding, _scores, _indices, _colorLogits, _shapeLogits })
        {
            buffer.Dispose();
        }
    }

    private NativeBuffer<T> Buffer<T>(StageTensor tensor)
        where T : unmanaged => new(Capacity, tensor.PerImage.Aggregate(1, (product, length) => product * length));

    private static OrtValue Tensor<T>(NativeBuffer<T> buffer, StageTensor tensor, int size)
        where T : unmanaged => buffer.Tensor(tensor.Type, [size, .. tensor.PerImage.Select(length => (long)length)]);
}

/// <summary>The tensors of one stage at one batch size.</summary>
internal sealed record StageCall(OrtValue[] Inputs, OrtValue[] Outputs) : IDisposable
{
    public void Dispose()
    {
        foreach (var value in Inputs.Concat(Outputs))
        {
            value.Dispose();
        }
    }
}
