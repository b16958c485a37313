using Google.Protobuf;
using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>
/// One training step as one ONNX graph. Inputs: images, labels, margin warmth, scale, random masks, every parameter. Outputs: loss,
/// hits, the gradient of every trained parameter and the statistics of every normalization. The optimizer is not part of the graph,
/// because vectorized code over one flat buffer is faster than three hundred graph nodes.
/// </summary>
internal sealed class TrainingGraph
{
    public const string Loss = "loss";
    public const string Hits = "hits";
    public const string ShapeHits = "shape_hits";
    public const string Warmth = "margin_warmth";
    public const string Scale = "margin_scale";
    public const string Classes = "classes";
    public const string Colors = "colors";
    public const string ShapeLabels = "shapes";
    public const string Shares = "shares";
    private readonly GraphBuilder _graph = new("training_step");
    private readonly Tape _tape = new();
    private readonly List<Value> _inputs = [];
    private readonly List<Value> _outputs = [];
    private readonly TrainingStore _store;
    private Value? _shares;

    private TrainingGraph(Func<string, bool> frozen) => _store = new TrainingStore(_graph, _tape, frozen);

    /// <summary>Images, labels, margin and masks.</summary>
    public IReadOnlyList<Value> BatchInputs => _inputs;

    /// <summary>Whether the graph has a batch input of this name.</summary>
    public bool Reads(string name) => _inputs.Exists(i => i.Name == name);

    /// <summary>Loss, hits, gradients, statistics.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    public IReadOnlyList<ParameterSpec> Parameters => _store.Parameters;

    public IReadOnlyList<NoiseSpec> Noise => _store.Noise;

    public IReadOnlyList<StatisticSpec> FixedStatistics => _store.FixedStatistics;

    public IReadOnlyList<StatisticSpec> Statistics { get; private set; } = [];

    public byte[] Model { get; private set; } = [];

    public static string GradientName(string parameter) => "grad." + parameter;

    public static string BatchName(string statistic) => "batch." + statistic;

    public static TrainingGraph Build(
        NetworkSpec network, LossSpec loss, int batch, ConvolutionPlan plan, Func<string, bool>? frozen = null)
    {
        var step = new TrainingGraph(frozen ?? (_ => false));
        step.Assemble(network, loss, batch, plan);
        return step;
    }

    private void Assemble(NetworkSpec network, LossSpec loss, int batch, ConvolutionPlan plan)
    {
        _inputs.Add(new Value(Network.InputName, ElementType.UInt8, [batch, network.InputSize, network.InputSize, 3]));
        var ops = new Ops(_graph, _tape);
        var outputs = Network.Build(network, ops, _store, plan, batch);
        var total = network.Head switch
        {
            HeadKind.Embedder => EmbedderLoss(ops, network, loss, outputs, batch, plan),
            HeadKind.Meta => PublishedMetaLoss(ops, network, loss, outputs, batch, plan),
            HeadKind.Shared => SharedLoss(ops, network, loss, outputs, batch),
            _ => ClassifierLoss(ops, network, loss, outputs, batch),
        };
        Publish(Loss, total);
        var gradients = Backward.Walk(_graph, _tape, total);
        foreach (var (spec, value) in _store.Parameters.Zip(_store.ParameterValues).Where(p => !p.First.Frozen))
        {
            var known = gradients.TryGetValue(spec.Name, out var gradient);
            Publish(GradientName(spec.Name), known ? _graph.Unshaped(gradient!) : _graph.Scale(value, 0));
        }

        foreach (var (spec, mean, variance) in _store.Statistics)
        {
            Publish(BatchName(spec.MeanName), mean);
            Publish(BatchName(spec.VarianceName), variance);
        }

        Statistics = [.. _store.Statistics.Select(s => s.Spec)];
        _inputs.AddRange(_store.Noise.Select(n => new Value(n.Name, ElementType.Float, n.Shape)));
        Model = _graph.Build().ToByteArray();
    }

    private Value MarginLoss(Ops ops, NetworkSpec network, LossSpec loss, NetworkOutputs outputs, int batch)
    {
        var labels = Input(Classes, ElementType.Int64, batch);
        var (warmth, scale) = (Input(Warmth, ElementType.Float, 1), Input(Scale, ElementType.Float, 1));
        var target = Target(labels, network.Classes);
        var (cosines, logits) = MarginHead.Build(ops, _store, loss, outputs, network.Classes, target, warmth, scale);
        Publish(Hits, CrossEntropy.Correct(_graph, cosines, labels));
        return CrossEntropy.Mean(ops, logits, target, loss.LabelSmoothing);
    }

    private Value SharedLoss(Ops ops, NetworkSpec network, LossSpec loss, NetworkOutputs outputs, int batch)
    {
        var main = MarginLoss(ops, network, loss, outputs, batch);
        var (meta, _, shapes) = MetaLoss(ops, network, loss, outputs.Colors!, outputs.Shapes!, batch);
        Publish(ShapeHits, CrossEntropy.Correct(_graph, outputs.Shapes!, shapes));
        return ops.Add(main, ops.Scale(meta, loss.MetaWeight));
    }

    private Value EmbedderLoss(Ops ops, NetworkSpec network, LossSpec loss, NetworkOutputs outputs, int batch, ConvolutionPlan plan)
    {
        var main = MarginLoss(ops, network, loss, outputs, batch);
        if (loss.Auxiliary <= 0)
        {
            return main;
        }

        var side = new Layers(ops, _store, plan);
        var (colors, shapes) = (
            side.Linear(outputs.RawEmbedding!, "side.color", network.Colors),
            side.Linear(outputs.RawEmbedding!, "side.shape", network.Shapes));
        return ops.Add(main, ops.Scale(MetaLoss(ops, network, loss, colors, shapes, batch).Loss, loss.Auxiliary));
    }

    private Value PublishedMetaLoss(Ops ops, NetworkSpec network, LossSpec loss, NetworkOutputs outputs, int batch, ConvolutionPlan plan)
    {
        var (total, colors, shapes) = MetaLoss(ops, network, loss, outputs.Colors!, outputs.Shapes!, batch);
        Publish(Hits, CrossEntropy.Correct(_graph, outputs.Colors!, colors));
        Publish(ShapeHits, CrossEntropy.Correct(_graph, outputs.Shapes!, shapes));
        if (loss.Auxiliary <= 0)
        {
            return total;
        }

        var classes = new Layers(ops, _store, plan).Linear(outputs.Hidden!, "side.class", network.Classes);
        var target = Target(Input(Classes, ElementType.Int64, batch), network.Classes);
        return ops.Add(total, ops.Scale(CrossEntropy.Mean(ops, classes, target, loss.LabelSmoothing), loss.Auxiliary));
    }

    private (Value Loss, Value Colors, Value Shapes) MetaLoss(
        Ops ops, NetworkSpec network, LossSpec loss, Value colorLogits, Value shapeLogits, int batch)
    {
        var (colors, shapes) = (Input(Colors, ElementType.Int64, batch), Input(ShapeLabels, ElementType.Int64, batch));
        var colorLoss = CrossEntropy.Mean(ops, colorLogits, Target(colors, network.Colors), loss.LabelSmoothing);
        var shapeLoss = CrossEntropy.Mean(ops, shapeLogits, Target(shapes, network.Shapes), loss.LabelSmoothing);
        return (ops.Add(colorLoss, ops.Scale(shapeLoss, loss.ShapeWeight)), colors, shapes);
    }

    private Value ClassifierLoss(Ops ops, NetworkSpec network, LossSpec loss, NetworkOutputs outputs, int batch)
    {
        var labels = Input(Classes, ElementType.Int64, batch);
        Publish(Hits, CrossEntropy.Correct(_graph, outputs.Logits!, labels));
        return CrossEntropy.Mean(ops, outputs.Logits!, Target(labels, network.Classes), loss.LabelSmoothing);
    }

    /// <summary>
    /// Label rows [N, count] that sum to one: row i mixes its own label, by its share, with the label of row N-1-i.
    /// </summary>
    private Value Target(Value labels, int count)
    {
        _shares ??= _graph.Reshape(Input(Shares, ElementType.Float, labels.Shape[0]), labels.Shape[0], 1);
        var own = _graph.OneHot(labels, count);
        var partner = _graph.Gather(own, 0, [.. Enumerable.Range(0, labels.Shape[0]).Reverse()]);
        return _graph.Add(partner, _graph.Mul(_graph.Sub(own, partner), _shares));
    }

    private Value Input(string name, ElementType type, int size)
    {
        var value = _graph.Input(name, type, size);
        _inputs.Add(value);
        return value;
    }

    private void Publish(string name, Value value) => _outputs.Add(_graph.Output(name, value));
}
