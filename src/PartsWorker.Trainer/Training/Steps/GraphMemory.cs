using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>One block of native memory with named tensors, each aligned for vector instructions.</summary>
internal sealed class GraphMemory : IDisposable
{
    private const int Alignment = 64;
    private readonly Dictionary<string, TensorBinding> _tensors = [];
    private readonly NativeBuffer _buffer;

    public GraphMemory(IEnumerable<Value> values)
    {
        var offset = 0L;
        var places = new List<(Value Value, long Offset)>();
        foreach (var value in values)
        {
            places.Add((value, offset));
            var bytes = value.Size * (value.Type switch { ElementType.Int64 => 8, ElementType.UInt8 => 1, _ => 4 });
            offset += (bytes + Alignment - 1) / Alignment * Alignment;
        }

        _buffer = new NativeBuffer(offset);
        foreach (var (value, place) in places)
        {
            _tensors[value.Name] = new TensorBinding(value.Name, _buffer, place, Kind(value.Type), [.. value.Shape.Select(d => (long)d)]);
        }

        Tensors = [.. places.Select(p => _tensors[p.Value.Name])];
    }

    public IReadOnlyList<TensorBinding> Tensors { get; }

    /// <summary>The whole block as floats, including the padding, which is zero unless written.</summary>
    public Span<float> AllFloats => _buffer.Span<float>(0, (int)(_buffer.Bytes / sizeof(float)));

    public Span<float> Floats(string name) => Span<float>(name);

    public Span<long> Longs(string name) => Span<long>(name);

    public Span<byte> Bytes(string name) => Span<byte>(name);

    /// <summary>Index of the first float of a tensor within <see cref="AllFloats"/>.</summary>
    public int FloatOffset(string name) => (int)(_tensors[name].Offset / sizeof(float));

    public void Dispose() => _buffer.Dispose();

    private Span<T> Span<T>(string name)
        where T : unmanaged
    {
        var tensor = _tensors[name];
        return _buffer.Span<T>(tensor.Offset, (int)tensor.Shape.Aggregate(1L, (p, d) => p * d));
    }

    private static ElementKind Kind(ElementType type) => type switch
    {
        ElementType.Float => ElementKind.Float,
        ElementType.Int64 => ElementKind.Int64,
        ElementType.UInt8 => ElementKind.UInt8,
        _ => throw new NotSupportedException($"a {type} tensor cannot be bound"),
    };
}
