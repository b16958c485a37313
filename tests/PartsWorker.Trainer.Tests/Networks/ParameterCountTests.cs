using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Networks;

public sealed class ParameterCountTests
{
    [Theory]
    [InlineData("resnet18", 64, 11_689_512)]
    [InlineData("resnet18-cntk", 64, 16_410_152)]
    [InlineData("resnet50", 64, 25_557_032)]
    [InlineData("efficientnetv2s", 64, 21_458_488)]
    [InlineData("vgg16", 224, 138_357_544)]
    public void Classifiers_of_1000_classes_have_the_published_parameter_counts(string backbone, int size, int expected) =>
        Assert.Equal(
            expected, Count(new NetworkSpec { Backbone = backbone, Head = HeadKind.Classifier, InputSize = size, Classes = 1000 }));

    [Theory]
    [InlineData("mobilefacenet", 512, 1_200_512)]
    [InlineData("mobilefacenet", 128, 1_003_136)]
    [InlineData("ir50", 512, 43_574_976)]
    [InlineData("ir100", 512, 65_129_792)]
    [InlineData("irse50", 512, 43_797_696)]
    public void Embedders_at_112_pixels_have_the_published_parameter_counts(string backbone, int embedding, int expected) =>
        Assert.Equal(
            expected, Count(new NetworkSpec { Backbone = backbone, Head = HeadKind.Embedder, InputSize = 112, Embedding = embedding }));

    [Theory]
    [InlineData(1280, 521_232)]
    [InlineData(512, 115_344)]
    public void Lambda_layers_have_the_published_parameter_counts(int channels, int expected)
    {
        var (graph, tape) = (new GraphBuilder("lambda"), new Tape());
        var store = new TrainingStore(graph, tape, _ => false);
        var x = graph.Input("x", ElementType.Float, 2, channels, 9, 9);
        LambdaLayer.Build(new Layers(new Ops(graph, tape), store, new ConvolutionPlan()), x, "lambda");
        Assert.Equal(expected, store.Parameters.Sum(p => p.Count));
    }

    [Fact]
    public void An_unknown_backbone_names_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Count(new NetworkSpec { Backbone = "alexnet", Head = HeadKind.Meta, InputSize = 64 }));
        Assert.Contains("mobilefacenet", error.Message, StringComparison.Ordinal);
    }

    private static long Count(NetworkSpec spec)
    {
        var (graph, tape) = (new GraphBuilder("count"), new Tape());
        var store = new TrainingStore(graph, tape, _ => false);
        Network.Build(spec, new Ops(graph, tape), store, new ConvolutionPlan(), 2);
        return store.Parameters.Sum(p => (long)p.Count);
    }
}
