using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// One way to compute a convolution and its two gradients. All forms give the same numbers; which one is fastest depends on
/// the provider, the size of the map and the grouping (<see cref="ConvolutionPlan"/>).
/// </summary>
internal abstract class ConvolutionForm(Window window)
{
    /// <summary>The layout in which the form reads its input and writes its output.</summary>
    public virtual Layout Layout => Layout.ChannelsFirst;

    protected Window Window { get; } = window;

    /// <summary>Appends the forward nodes; <paramref name="kept"/> is what the backward pass wants to see again.</summary>
    public abstract Value Forward(GraphBuilder g, Value x, Value weight, out object? kept);

    public Value?[] Backward(GraphBuilder g, Value x, Value weight, Value dy, object? kept, bool needsInput, bool needsWeight) =>
    [
        needsInput ? InputGradient(g, x, weight, dy, kept) : null,
        needsWeight ? WeightGradient(g, x, weight, dy, kept) : null,
    ];

    protected abstract Value InputGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept);

    protected abstract Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept);
}
