using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>One tensor within a flat block of floats, and its published name and shape.</summary>
/// <param name="Name">PyTorch's name.</param>
/// <param name="Shape">PyTorch's shape.</param>
/// <param name="Offset">Index of its first float.</param>
/// <param name="Parameter">Null for a running statistic.</param>
internal sealed record StatePlace(string Name, int[] Shape, int Offset, ParameterSpec? Parameter)
{
    public bool IsTrained => Parameter is { Frozen: false };

    private int Count => Shape.Aggregate(1, (product, d) => product * d);

    /// <summary>A copy in PyTorch's order of the elements.</summary>
    public float[] Read(ReadOnlySpan<float> block)
    {
        var stored = block.Slice(Offset, Count).ToArray();
        return Parameter is null ? stored : KernelLayout.ToPublished(Parameter, stored);
    }

    /// <param name="published">Numbers in PyTorch's order.</param>
    /// <param name="block">Receives them in the order of the training graph.</param>
    public void Write(float[] published, Span<float> block) =>
        (Parameter is null ? published : KernelLayout.ToStored(Parameter, published)).CopyTo(block.Slice(Offset, Count));
}
