using Microsoft.ML.OnnxRuntime;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference;

/// <summary>
/// The memory of one batch: slots that decoding writes to, and the outputs of both networks. It is reused; with several batches, one is
/// filled while another runs. Different threads may use slots and outputs of different images. The features of a shared trunk are in host
/// memory, also on a GPU: 512 floats per image are a seventieth of its pixels at 224 px.
/// </summary>
public sealed class ClassifierBatch : IDisposable
{
    private readonly int _side;
    private readonly BatchTensor _images;
    private readonly BatchTensor? _features;
    private readonly BatchTensor _embedding;
    private readonly BatchTensor _scores;
    private readonly BatchTensor _indices;
    private readonly BatchTensor _colorLogits;
    private readonly BatchTensor _shapeLogits;
    private readonly BatchTensor? _distances;

    internal ClassifierBatch(BatchLayout layout, int[] buckets)
    {
        Capacity = buckets[^1];
        _images = new BatchTensor(layout.Image, Capacity);
        _side = (int)Math.Sqrt(Slot(0).Length / 3);
        _features = layout.Features is { } features ? new BatchTensor(features, Capacity) : null;
        _embedding = new BatchTensor(layout.Embedding, Capacity);
        _scores = new BatchTensor(layout.Scores, Capacity);
        _indices = new BatchTensor(layout.Indices, Capacity);
        _colorLogits = new BatchTensor(layout.ColorLogits, Capacity);
        _shapeLogits = new BatchTensor(layout.ShapeLogits, Capacity);
        BatchTensor[] found = _features is null ? [_embedding, _scores, _indices] : [_embedding, _scores, _indices, _features];
        StageOne = Calls(buckets, _images, found);
        _distances = layout.Distances is { } distances ? new BatchTensor(distances, Capacity) : null;
        BatchTensor[] predicted = _distances is null ? [_colorLogits, _shapeLogits] : [_colorLogits, _shapeLogits, _distances];
        StageTwo = Calls(buckets, _features ?? _images, predicted);
    }

    /// <summary>Maximum number of images.</summary>
    public int Capacity { get; }

    internal StageCall[] StageOne { get; }

    internal StageCall[] StageTwo { get; }

    /// <summary>Memory for image <paramref name="i"/>: S*S*3 bytes, RGB, letterboxed.</summary>
    public Memory<byte> Slot(int i) => _images.Memory(i);

    /// <summary>Unit vector from the embedder.</summary>
    public ReadOnlySpan<float> Embedding(int i) => _embedding.Image<float>(i);

    /// <summary>Features of the shared trunk; empty in a bundle with two networks.</summary>
    public ReadOnlySpan<float> Features(int i) => _features is null ? [] : _features.Image<float>(i);

    /// <summary>Cosines of the hits, descending.</summary>
    public ReadOnlySpan<float> Scores(int i) => _scores.Image<float>(i);

    /// <summary>Gallery rows of the hits.</summary>
    public ReadOnlySpan<long> Indices(int i) => _indices.Image<long>(i);

    public ReadOnlySpan<float> ColorLogits(int i) => _colorLogits.Image<float>(i);

    public ReadOnlySpan<float> ShapeLogits(int i) => _shapeLogits.Image<float>(i);

    /// <summary>Distances of the features from those of the training images; empty in a bundle without them.</summary>
    public ReadOnlySpan<float> Distances(int i) => _distances is null ? [] : _distances.Image<float>(i);

    /// <summary>Contrast of the pixels of image <paramref name="i"/>, 0..255.</summary>
    public double Contrast(int i) => ImageContrast.Of(Slot(i).Span);

    /// <summary>Exposure and sharpness of the pixels of image <paramref name="i"/>.</summary>
    public ImageQuality Quality(int i) => ImageQuality.Of(Slot(i).Span, _side);

    /// <summary>Everything that the fusion needs of image <paramref name="i"/>.</summary>
    public ModelOutputs Outputs(int i) => new()
    {
        Scores = Scores(i),
        Indices = Indices(i),
        ColorLogits = ColorLogits(i),
        ShapeLogits = ShapeLogits(i),
        Contrast = Contrast(i),
        Quality = Quality(i),
        Distances = Distances(i),
    };

    public void Dispose()
    {
        foreach (var call in StageOne.Concat(StageTwo))
        {
            call.Dispose();
        }

        foreach (var tensor in new[] { _images, _features, _embedding, _scores, _indices, _colorLogits, _shapeLogits, _distances })
        {
            tensor?.Dispose();
        }
    }

    private static StageCall[] Calls(int[] buckets, BatchTensor input, BatchTensor[] outputs) => Array.ConvertAll(
        buckets, size => new StageCall([input.First(size)], Array.ConvertAll(outputs, output => output.First(size))));
}

/// <summary>The tensors of one network at one batch size.</summary>
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
