using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// One way to compute a convolution and its two gradients. All forms give the same results; the fastest one depends on the execution
/// provider, the size of the map and the grouping (<see cref="ConvolutionPlan"/>).
/// </summary>
internal abstract class ConvolutionForm(Window window)
{
    /// <summary>Layout of the input and the output.</summary>
    public virtual Layout Layout => Layout.ChannelsFirst;

    protected Window Window { get; } = window;

    /// <summary>Appends the forward nodes; <paramref name="kept"/> is a value for the backward pass.</summary>
    public abstract Value Forward(GraphBuilder graph, Value x, Value weight, out object? kept);

    public Value?[] Backward(GraphBuilder graph, Value x, Value weight, Value dy, object? kept, bool needsInput, bool needsWeight) =>
    [
        needsInput ? InputGradient(graph, x, weight, dy, kept) : null,
        needsWeight ? WeightGradient(graph, x, weight, dy, kept) : null,
    ];

    protected abstract Value InputGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept);

    protected abstract Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept);
}
