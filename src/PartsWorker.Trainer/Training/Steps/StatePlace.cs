using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>Location of a tensor in a block of floats, with its PyTorch name and shape.</summary>
/// <param name="Name">PyTorch's name.</param>
/// <param name="Shape">PyTorch's shape.</param>
/// <param name="Offset">Index of its first float.</param>
/// <param name="Parameter">Null for a running statistic.</param>
internal sealed record StatePlace(string Name, int[] Shape, int Offset, ParameterSpec? Parameter)
{
    public bool IsTrained => Parameter is { Frozen: false };

    private int Count => Shape.Aggregate(1, (product, d) => product * d);

    /// <summary>Copies the tensor in PyTorch's element order.</summary>
    public float[] Read(ReadOnlySpan<float> block)
    {
        var stored = block.Slice(Offset, Count).ToArray();
        return Parameter is null ? stored : KernelLayout.ToPublished(Parameter, stored);
    }

    /// <param name="published">Values in PyTorch's element order.</param>
    /// <param name="block">Receives the values in the element order of the training graph.</param>
    public void Write(float[] published, Span<float> block) =>
        (Parameter is null ? published : KernelLayout.ToStored(Parameter, published)).CopyTo(block.Slice(Offset, Count));
}
