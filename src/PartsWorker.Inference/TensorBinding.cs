namespace PartsWorker.Inference;

/// <summary>Element types that a bound tensor may have.</summary>
public enum ElementKind
{
    Float,
    Int64,
    UInt8,
}

/// <summary>One input or output of a graph in caller-owned memory: <paramref name="Offset"/> is in bytes.</summary>
public sealed record TensorBinding(string Name, NativeBuffer Buffer, long Offset, ElementKind Kind, long[] Shape);
