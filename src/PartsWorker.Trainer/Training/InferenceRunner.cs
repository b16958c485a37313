using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Training;

/// <summary>Runs an inference graph over images of a cache, for validation.</summary>
internal sealed class InferenceRunner : IDisposable
{
    private readonly GraphSession _session;
    private readonly Dictionary<string, int> _widths;

    public InferenceRunner(byte[] onnx, int threads = 0)
    {
        var graph = ModelProto.Parser.ParseFrom(onnx).Graph;
        _widths = graph.Output.ToDictionary(o => o.Name, o => (int)o.Type.TensorType.Shape.Dim[^1].DimValue);
        _session = GraphSession.Load(onnx, new GraphSessionOptions(threads));
    }

    /// <summary>One output [images, width].</summary>
    public float[] Run(PixelCache cache, IReadOnlyList<int> images, string output, int batch = 32) =>
        Run(cache, images, batch)[output];

    /// <summary>All outputs by name.</summary>
    public Dictionary<string, float[]> Run(PixelCache cache, IReadOnlyList<int> images, int batch = 32)
    {
        var results = _widths.ToDictionary(w => w.Key, w => new float[images.Count * w.Value]);
        for (var first = 0; first < images.Count; first += batch)
        {
            RunBatch(cache, [.. images.Skip(first).Take(batch)], first, results);
        }

        return results;
    }

    public void Dispose() => _session.Dispose();

    private void RunBatch(PixelCache cache, int[] images, int first, Dictionary<string, float[]> results)
    {
        using var inputs = new GraphMemory([new Value(Network.InputName, ElementType.UInt8, [images.Length, cache.Size, cache.Size, 3])]);
        using var outputs = new GraphMemory(_widths.Select(w => new Value(w.Key, ElementType.Float, [images.Length, w.Value])));
        using var bound = _session.Bind(inputs.Tensors, outputs.Tensors);
        for (var i = 0; i < images.Length; i++)
        {
            cache.Pixels(images[i]).CopyTo(inputs.Bytes(Network.InputName)[(i * cache.ImageBytes)..]);
        }

        bound.Run();
        foreach (var (name, width) in _widths)
        {
            outputs.Floats(name).CopyTo(results[name].AsSpan(first * width));
        }
    }
}
