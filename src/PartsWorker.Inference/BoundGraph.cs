using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace PartsWorker.Inference;

/// <summary>A graph bound to the memory that it reads and writes. Dispose it before the session and the buffers.</summary>
public sealed class BoundGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly List<OrtValue> _values = [];

    internal BoundGraph(InferenceSession session, IReadOnlyList<TensorBinding> inputs, IReadOnlyList<TensorBinding> outputs)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        foreach (var input in inputs)
        {
            _binding.BindInput(input.Name, Wrap(input));
        }

        foreach (var output in outputs)
        {
            _binding.BindOutput(output.Name, Wrap(output));
        }
    }

    /// <summary>Runs the graph; returns when all outputs are written.</summary>
    public void Run() => _session.RunWithBinding(_run, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _values.ForEach(v => v.Dispose());
        _run.Dispose();
    }

    private OrtValue Wrap(TensorBinding tensor)
    {
        var type = tensor.Kind switch
        {
            ElementKind.Float => TensorElementType.Float,
            ElementKind.Int64 => TensorElementType.Int64,
            _ => TensorElementType.UInt8,
        };
        var value = tensor.Buffer.Tensor(type, tensor.Shape, tensor.Offset);
        _values.Add(value);
        return value;
    }
}
