using System.Diagnostics;
using Google.Protobuf;
using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>Runs a network on images, batch by batch.</summary>
internal sealed class GraphRunner : IDisposable
{
    private const int Batch = 8;
    private readonly GraphSession _session;
    private readonly string _input;
    private readonly string[] _outputs;

    /// <param name="model">The network.</param>
    /// <param name="outputs">Names of float tensors to read; those that are no outputs become outputs.</param>
    public GraphRunner(ModelProto model, IReadOnlyList<string> outputs)
    {
        model = model.Clone();
        _input = model.Graph.Input[0].Name;
        _outputs = [.. outputs];
        var declared = model.Graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        model.Graph.Output.AddRange(outputs.Where(o => !declared.Contains(o)).Select(Undeclared));
        _session = GraphSession.Load(model.ToByteArray(), new());
    }

    /// <summary>Time in the network so far.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <param name="images">S x S x 3 bytes each.</param>
    /// <param name="side">S, in pixels.</param>
    /// <param name="read">Receives the index of an output, the number of images of the batch, and the values.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public void Run(IReadOnlyList<byte[]> images, int side, BatchReader read, CancellationToken cancel)
    {
        foreach (var batch in images.Chunk(Batch))
        {
            cancel.ThrowIfCancellationRequested();
            byte[] pixels = [.. batch.SelectMany(image => image)];
            var started = Stopwatch.GetTimestamp();
            var first = true;
            _session.Run(_input, pixels, [batch.Length, side, side, 3], _outputs, (output, values) =>
            {
                Elapsed += first ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;
                first = false;
                read(output, batch.Length, values);
            });
        }
    }

    public void Dispose() => _session.Dispose();

    private static ValueInfoProto Undeclared(string name) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float } },
    };
}

/// <summary>Receives the values of one output for one batch.</summary>
internal delegate void BatchReader(int output, int images, ReadOnlySpan<float> values);
