using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>An ONNX graph whose inputs and outputs are bound to the caller's memory, so that a run copies no weights.</summary>
public sealed class GraphSession : IDisposable
{
    private readonly InferenceSession _session;

    private GraphSession(InferenceSession session) => _session = session;

    /// <summary>Loads a model from bytes; an invalid one throws <see cref="OnnxRuntimeException"/>.</summary>
    /// <exception cref="DeviceUnavailableException">CUDA is configured but not available.</exception>
    public static GraphSession Load(byte[] model, GraphSessionOptions options)
    {
        OrtRuntime.EnsureStarted();
        try
        {
            using var settings = SessionSettings.CreateForTraining(options.Device, options.Threads);
            return new GraphSession(new InferenceSession(model, settings));
        }
        catch (OnnxRuntimeException error) when (options.Device == ExecutionDevice.Cuda)
        {
            throw new DeviceUnavailableException(
                $"CUDA is not available: {OrtRuntime.Reason(error)}; fix the driver, or use --device cpu", error);
        }
    }

    /// <summary>Binds every input and output once; the result can run any number of times.</summary>
    public BoundGraph Bind(IReadOnlyList<TensorBinding> inputs, IReadOnlyList<TensorBinding> outputs) => new(_session, inputs, outputs);

    public void Dispose() => _session.Dispose();
}
