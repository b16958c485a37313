using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Parameters and masks are graph inputs; the statistics of each batch are outputs.</summary>
/// <param name="graph">Receives the inputs.</param>
/// <param name="tape">Records the trained parameters.</param>
/// <param name="frozen">Selects the frozen parameters; normalizations without trained parameters use their running
/// statistics.</param>
internal sealed class TrainingStore(GraphBuilder graph, Tape tape, Func<string, bool> frozen) : IParameterStore
{
    private readonly List<(StatisticSpec Spec, Value Mean, Value Variance)> _statistics = [];

    public List<ParameterSpec> Parameters { get; } = [];

    public List<Value> ParameterValues { get; } = [];

    public List<NoiseSpec> Noise { get; } = [];

    /// <summary>Normalizations with batch statistics, and the values of the batch's mean and biased variance.</summary>
    public IReadOnlyList<(StatisticSpec Spec, Value Mean, Value Variance)> Statistics => _statistics;

    /// <summary>Normalizations with running statistics, which are inputs.</summary>
    public List<StatisticSpec> FixedStatistics { get; } = [];

    public Value Parameter(ParameterSpec spec)
    {
        var known = spec with { Frozen = frozen(spec.Name) };
        var value = graph.Input(spec.Name, ElementType.Float, spec.StoredShape);
        Parameters.Add(known);
        ParameterValues.Add(value);
        if (!known.Frozen)
        {
            tape.Watch(value);
        }

        return value;
    }

    public Value Normalize(Ops ops, Value x, Value scale, Value shift, string name, float epsilon)
    {
        var spec = new StatisticSpec(name, x.Channels, (int)(x.Size / x.Channels));
        if (!tape.Watches(scale) && !tape.Watches(x))
        {
            FixedStatistics.Add(spec);
            var mean = graph.Input(spec.MeanName, ElementType.Float, x.Channels);
            var variance = graph.Input(spec.VarianceName, ElementType.Float, x.Channels);
            return graph.BatchNorm(ops.InLayout(x, Layout.ChannelsFirst), scale, shift, mean, variance, epsilon);
        }

        var (y, batchMean, batchVariance) = ops.BatchNorm(x, scale, shift, epsilon);
        _statistics.Add((spec, batchMean, batchVariance));
        return y;
    }

    public Value Mask(Ops ops, Value x, int[] shape, float rate)
    {
        var spec = new NoiseSpec($"noise.{Noise.Count}", shape, rate);
        Noise.Add(spec);
        return ops.Mul(x, graph.Input(spec.Name, ElementType.Float, shape));
    }
}
