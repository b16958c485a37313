using Google.Protobuf;
using PartsWorker.Inference;
using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Networks;

public sealed class PyTorchAgreementTests
{
    private const int Classes = 10;

    [Theory]
    [InlineData("resnet18", 4, 64, 5e-3)]
    [InlineData("mobilefacenet", 8, 64, 5e-3)]
    [InlineData("efficientnetv2tiny", 4, 32, 1e-3)]
    public void Gradients_of_whole_networks_agree_with_PyTorch(string backbone, int batch, int size, double tolerance)
    {
        var truth = Truth.Read(backbone);
        using var step = new TrainingStep(Spec(backbone, size), new LossSpec(), batch, new GraphSessionOptions(2), seed: 1);
        step.State.Import(Truth.Weights(step.State.Parameters, step.State.Statistics));
        var rows = new TrainingBatch(batch, size);
        Truth.Pixels(batch, size).CopyTo(rows.Pixels, 0);
        for (var i = 0; i < batch; i++)
        {
            rows.Classes[i] = i % Classes;
        }

        var result = step.Run(rows, 1, 1);
        Assert.Equal(truth.Loss, result.Loss, 1e-4 * truth.Loss);
        var errors = step.State.Parameters
            .Select(p => (p.Name, Error: truth.Error(p.Name, KernelLayout.ToPublished(p, step.Gradient(p.Name)[..p.Count].ToArray()))))
            .OrderByDescending(e => e.Error).ToArray();
        Assert.True(errors[0].Error <= tolerance, $"worst: {string.Join(", ", errors.Take(5).Select(e => $"{e.Name} {e.Error:e2}"))}");
        Assert.InRange(errors[errors.Length / 2].Error, 0, 1e-3);
    }

    [Theory]
    [InlineData("resnet18", 4, 64)]
    [InlineData("mobilefacenet", 8, 64)]
    [InlineData("efficientnetv2tiny", 4, 32)]
    [InlineData("efficientnetv2s", 2, 64)]
    public void Outputs_for_the_same_weights_agree_with_PyTorch(string backbone, int batch, int size)
    {
        var spec = Spec(backbone, size);
        var graph = TrainingGraph.Build(spec, new LossSpec(), batch, ConvolutionPlan.StandardOperators);
        var onnx = new TrainedStage(spec, Truth.Weights(graph.Parameters, graph.Statistics)).ToOnnx();
        using var session = GraphSession.Load(onnx, new GraphSessionOptions(2));
        using var input = new GraphMemory([new Value("image", ElementType.UInt8, [batch, size, size, 3])]);
        using var output = new GraphMemory([new Value("logits", ElementType.Float, [batch, Classes])]);
        using var bound = session.Bind(input.Tensors, output.Tensors);
        Truth.Pixels(batch, size).CopyTo(input.Bytes("image"));
        bound.Run();
        var truth = Truth.Read(backbone).Outputs;
        var largest = truth.Max(Math.Abs);
        for (var i = 0; i < truth.Length; i++)
        {
            Assert.Equal(truth[i], output.Floats("logits")[i], 1e-4 * largest);
        }
    }

    [Fact]
    public void Gradients_of_a_squeeze_and_excitation_unit_that_halves_the_map_agree_with_PyTorch() => Block(
        "irse-unit-stride2", [3, 32, 12, 12], (l, x) => Unit(l, x, 64, 2));

    [Fact]
    public void Gradients_of_a_squeeze_and_excitation_unit_on_a_small_map_agree_with_PyTorch() => Block(
        "irse-unit-small", [3, 32, 6, 6], (l, x) => Unit(l, x, 32, 1));

    [Fact]
    public void Gradients_of_the_Lambda_layer_agree_with_PyTorch() =>
        Block("lambda", [2, 64, 7, 7], (l, x) => LambdaLayer.Build(l, x, "unit"));

    private static NetworkSpec Spec(string backbone, int size) =>
        new() { Backbone = backbone, Head = HeadKind.Classifier, InputSize = size, Embedding = 64, Classes = Classes };

    private static Value Unit(Layers layers, Value x, int width, int stride) =>
        new IrNet(new NetworkSpec { Backbone = "irse50", Head = HeadKind.Embedder, InputSize = 112 }, [], squeeze: true)
            .Unit(layers, x, "unit", width, stride);

    private static void Block(string name, int[] shape, Func<Layers, Value, Value> build)
    {
        var (graph, tape, truth) = (new GraphBuilder(name), new Tape(), Truth.Read(name));
        var store = new TrainingStore(graph, tape, _ => false);
        var ops = new Ops(graph, tape);
        var x = graph.Input("x", ElementType.Float, shape);
        tape.Watch(x);
        var y = ops.InLayout(build(new Layers(ops, store, new ConvolutionPlan()), x), Layout.ChannelsFirst);
        var size = (int)y.Size;
        var loss = ops.Sum(ops.Mul(ops.Reshape(y, 1, size), graph.UniqueConstant(Truth.Numbers("w", size), 1, size)), 0, 1);
        var gradients = Backward.Walk(graph, tape, loss);
        Value[] inputs = [x, .. store.ParameterValues];
        Value[] outputs = [graph.Output("loss", loss), .. inputs.Select(v => graph.Output("d." + v.Name, gradients[v.Name]))];

        using var input = new GraphMemory(inputs);
        using var output = new GraphMemory(outputs);
        using var session = GraphSession.Load(graph.Build().ToByteArray(), new GraphSessionOptions(1));
        using var bound = session.Bind(input.Tensors, output.Tensors);
        Truth.Numbers("x", (int)x.Size).CopyTo(input.Floats("x"));
        foreach (var p in store.Parameters)
        {
            KernelLayout.ToStored(p, TruthWeight(p)).CopyTo(input.Floats(p.Name));
        }

        bound.Run();
        Assert.Equal(truth.Loss, output.Floats("loss")[0], 1e-3 * Math.Max(1, Math.Abs(truth.Loss)));
        Assert.InRange(truth.Error("x", output.Floats("d.x").ToArray()), 0, 1e-3);
        foreach (var p in store.Parameters)
        {
            Assert.InRange(truth.Error(PyTorchName(p.Name), KernelLayout.ToPublished(p, output.Floats("d." + p.Name).ToArray())), 0, 1e-3);
        }
    }

    // PyTorch's modules have names without a prefix, and the position embedding is a 3-D convolution there.
    private static string PyTorchName(string name) => name["unit.".Length..];

    private static float[] TruthWeight(ParameterSpec p) => Truth.Weight(PyTorchName(p.Name), p.Shape);
}
