using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference.Training;

/// <summary>Element types that a bound tensor may have.</summary>
public enum ElementKind
{
    Float,
    Int64,
    UInt8,
}

/// <summary>One input or output of a graph in caller-owned memory: <paramref name="Offset"/> is in bytes.</summary>
public sealed record TensorBinding(string Name, NativeBuffer Buffer, long Offset, ElementKind Kind, long[] Shape)
{
    /// <summary>Length in bytes.</summary>
    public long Bytes => Shape.Aggregate(1L, (product, d) => product * d) * (Kind switch { ElementKind.Float => 4, ElementKind.Int64 => 8, _ => 1 });
}

/// <summary>How a graph is run.</summary>
/// <param name="Threads">Threads of one run; 0 = one per core.</param>
/// <param name="Device">"cpu", or "cuda" for the first GPU.</param>
public sealed record GraphSessionOptions(int Threads = 0, string Device = "cpu");

/// <summary>Any ONNX graph on ONNX Runtime, its inputs and outputs bound to the caller's memory: a run copies no weight.</summary>
public sealed class GraphSession : IDisposable
{
    private readonly InferenceSession _session;

    private GraphSession(InferenceSession session) => _session = session;

    /// <summary>Loads a model from bytes; an invalid one throws <see cref="OnnxRuntimeException"/>.</summary>
    public static GraphSession Load(byte[] model, GraphSessionOptions options)
    {
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // A step reuses the same shapes: the pattern would only hold the peak of all of them at once.
            EnableMemoryPattern = false,
            EnableCpuMemArena = true,
            IntraOpNumThreads = ProcessorCores.Threads(options.Threads),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Spinning threads would take the cores that augment the next batch.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        // session.set_denormal_as_zero stays off: it changes the calling thread too, and vector code there that carries indices in
        // float registers (IndexOfMax) then answers zero.
        if (options.Device == "cuda")
        {
            settings.AppendExecutionProvider_CUDA(0);
        }

        return new GraphSession(new InferenceSession(model, settings));
    }

    /// <summary>Binds every input and output once; the result can be run any number of times.</summary>
    public BoundGraph Bind(IReadOnlyList<TensorBinding> inputs, IReadOnlyList<TensorBinding> outputs) => new(_session, inputs, outputs);

    public void Dispose() => _session.Dispose();
}
