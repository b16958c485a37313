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

    /// <summary>Runs a graph that takes uint8 images.</summary>
    /// <param name="input">Name of the input.</param>
    /// <param name="images">Values of the input.</param>
    /// <param name="shape">Shape of the input.</param>
    /// <param name="outputs">Names of the float outputs to compute.</param>
    /// <param name="read">Receives the index of each output and its values, which are valid during the call only.</param>
    public void Run(string input, byte[] images, long[] shape, IReadOnlyList<string> outputs, GraphOutputReader read)
    {
        using var options = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(images, shape);
        using var results = _session.Run(options, [input], [value], outputs);
        for (var i = 0; i < results.Count; i++)
        {
            read(i, results[i].GetTensorDataAsSpan<float>());
        }
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>Receives one output of a graph.</summary>
public delegate void GraphOutputReader(int output, ReadOnlySpan<float> values);
