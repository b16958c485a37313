using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Graph;

public sealed class GraphFactsTests
{
    [Fact]
    public void MobileFaceNet_has_the_multiplications_of_its_paper()
    {
        // The paper states 221 million for an embedding of length 128 at 112 pixels, including the last layers.
        var facts = Of(
            new NetworkSpec { Backbone = "mobilefacenet", Head = HeadKind.Embedder, InputSize = 112, Embedding = 128, Classes = 2 });
        Assert.InRange(facts.Multiplications, 215e6, 230e6);
    }

    [Fact]
    public void ResNet_18_has_1_8_billion_multiplications_at_224_pixels()
    {
        var facts = Of(new NetworkSpec { Backbone = "resnet18", Head = HeadKind.Classifier, InputSize = 224, Classes = 1000 });
        Assert.InRange(facts.Multiplications, 1.80e9, 1.83e9);
    }

    [Fact]
    public void Incompatible_shapes_throw_where_they_are_created()
    {
        var graph = new GraphBuilder("wrong");
        var x = graph.Input("x", ElementType.Float, 2, 3);
        Assert.Contains("cannot reshape", Assert.Throws<ArgumentException>(() => graph.Reshape(x, 4, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("inner lengths", Assert.Throws<ArgumentException>(() => graph.Gemm(x, x)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "broadcast",
            Assert.Throws<ArgumentException>(() => graph.Add(x, graph.Input("y", ElementType.Float, 2, 4))).Message,
            StringComparison.Ordinal);
    }

    private static GraphFacts Of(NetworkSpec spec)
    {
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var onnx = new TrainedStage(spec, Truth.Weights(graph.Parameters, graph.Statistics)).ToOnnx();
        return new GraphFacts(ModelProto.Parser.ParseFrom(onnx));
    }
}
