namespace PartsWorker.Inference;

/// <summary>Element types of bound tensors.</summary>
public enum ElementKind
{
    Float,
    Int64,
    UInt8,
}

/// <summary>An input or output of a graph in the caller's memory; <paramref name="Offset"/> is in bytes.</summary>
public sealed record TensorBinding(string Name, NativeBuffer Buffer, long Offset, ElementKind Kind, long[] Shape);
