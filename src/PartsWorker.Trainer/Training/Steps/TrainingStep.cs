using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>Loss and accuracy of one step.</summary>
internal sealed record StepResult(double Loss, double Accuracy, double ShapeAccuracy);

/// <summary>A loaded training graph: runs forward and backward on one batch and leaves the gradients in flat memory.</summary>
internal sealed class TrainingStep : IDisposable
{
    private const float StatisticMomentum = 0.1f;
    private readonly TrainingGraph _graph;
    private readonly GraphMemory _inputs;
    private readonly GraphMemory _outputs;
    private readonly GraphSession _session;
    private readonly BoundGraph _bound;
    private readonly HeadKind _head;
    private readonly int _batch;
    private readonly int _seed;

    public TrainingStep(
        NetworkSpec network, LossSpec loss, int batch, GraphSessionOptions options, int seed, Func<string, bool>? frozen = null)
    {
        (_head, _batch, _seed) = (network.Head, batch, seed);
        _graph = TrainingGraph.Build(network, loss, batch, ConvolutionPlan.For(options.Device), frozen);
        State = new NetworkState(_graph);
        _inputs = new GraphMemory(_graph.BatchInputs);
        _outputs = new GraphMemory(_graph.Outputs);
        _session = GraphSession.Load(_graph.Model, options);
        _bound = _session.Bind([.. _inputs.Tensors, .. State.Inputs], _outputs.Tensors);
    }

    public NetworkState State { get; }

    /// <summary>Trained parameters with their offsets in the state and in <see cref="Gradients"/>.</summary>
    public IReadOnlyList<(ParameterSpec Spec, int State, int Gradient)> Trained =>
    [
        .. _graph.Parameters.Where(p => !p.Frozen)
            .Select(p => (p, State.Offset(p.Name), _outputs.FloatOffset(TrainingGraph.GradientName(p.Name)))),
    ];

    public Span<float> Gradients => _outputs.AllFloats;

    public Span<float> Gradient(string parameter) => _outputs.Floats(TrainingGraph.GradientName(parameter));

    public StepResult Run(TrainingBatch batch, float marginWarmth, float marginScale)
    {
        batch.Pixels.CopyTo(_inputs.Bytes(Network.InputName));
        CopyLabels(batch.Classes, TrainingGraph.Classes);
        CopyLabels(batch.Colors, TrainingGraph.Colors);
        CopyLabels(batch.Shapes, TrainingGraph.ShapeLabels);
        batch.Shares.CopyTo(_inputs.Floats(TrainingGraph.Shares));
        if (_head is HeadKind.Embedder or HeadKind.Shared)
        {
            _inputs.Floats(TrainingGraph.Warmth)[0] = marginWarmth;
            _inputs.Floats(TrainingGraph.Scale)[0] = marginScale;
        }

        DrawNoise(batch.Step);
        _bound.Run();
        UpdateStatistics();
        var shapeHits = _head is HeadKind.Meta or HeadKind.Shared ? _outputs.Floats(TrainingGraph.ShapeHits)[0] : 0;
        return new StepResult(
            _outputs.Floats(TrainingGraph.Loss)[0], _outputs.Floats(TrainingGraph.Hits)[0] / (double)_batch, shapeHits / (double)_batch);
    }

    public void Dispose()
    {
        _bound.Dispose();
        _session.Dispose();
        _inputs.Dispose();
        _outputs.Dispose();
        State.Dispose();
    }

    private void CopyLabels(long[] labels, string input)
    {
        if (_graph.Reads(input))
        {
            labels.CopyTo(_inputs.Longs(input));
        }
    }

    // Masks depend only on the seed and the step, so a resumed run draws the same masks as an uninterrupted one.
    private void DrawNoise(long step)
    {
        for (var i = 0; i < _graph.Noise.Count; i++)
        {
            var noise = _graph.Noise[i];
            var dice = Dice.For(_seed, step, i);
            var kept = 1 / (1 - noise.DropRate);
            foreach (ref var v in _inputs.Floats(noise.Name))
            {
                v = dice.Chance(noise.DropRate) ? 0 : kept;
            }
        }
    }

    // The graph returns the biased variance of the batch; the running variance is unbiased, as in PyTorch.
    private void UpdateStatistics()
    {
        foreach (var s in _graph.Statistics)
        {
            var unbiased = s.PerChannel > 1 ? s.PerChannel / (s.PerChannel - 1f) : 1;
            Update(State.Floats(s.MeanName), _outputs.Floats(TrainingGraph.BatchName(s.MeanName)), 1);
            Update(State.Floats(s.VarianceName), _outputs.Floats(TrainingGraph.BatchName(s.VarianceName)), unbiased);
        }
    }

    private static void Update(Span<float> running, ReadOnlySpan<float> batch, float factor)
    {
        for (var i = 0; i < running.Length; i++)
        {
            running[i] += StatisticMomentum * ((batch[i] * factor) - running[i]);
        }
    }
}
