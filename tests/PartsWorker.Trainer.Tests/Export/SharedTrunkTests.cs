using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>Bundles whose meta model reads the features of the embedder.</summary>
public sealed class SharedTrunkTests : IDisposable
{
    private const int Side = 96;
    private const int Embedding = 16;
    private readonly string _root = Directory.CreateTempSubdirectory("parts-trunk-").FullName;
    private readonly ModelBundle _images = SomeBundle.Open();
    private readonly TrainedStage _stage;

    public SharedTrunkTests()
    {
        var spec = new NetworkSpec
        {
            Backbone = "resnet18s",
            Head = HeadKind.Shared,
            InputSize = Side,
            Width = 0.125f,
            Embedding = Embedding,
            Classes = _images.Labels.Classes.Count,
            Colors = _images.Labels.Colors.Count,
            Shapes = _images.Labels.Shapes.Count,
        };
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        _stage = new(spec, Truth.Weights(graph.Parameters, graph.Statistics));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_worker_gets_from_both_graphs_what_the_whole_network_gives(bool mirrored)
    {
        using var runner = new BundleRunner(Assemble("whole", mirrored), ExecutionDevice.Cpu);
        var images = SomeBundle.Images(_images)[..5];
        var outputs = runner.Run(images, []);
        foreach (var (image, output) in images.Zip(outputs))
        {
            var pixels = new byte[Side * Side * 3];
            runner.Preprocessor.Prepare(File.ReadAllBytes(image.Path), pixels);
            var whole = Run(_stage.ToOnnx(mirrored: mirrored), pixels);
            AssertClose(whole["embedding"], output.Embedding);
            AssertClose(whole["color_logits"], output.ColorLogits);
            AssertClose(whole["shape_logits"], output.ShapeLogits);
            Assert.Equal(_stage.FeatureSize, output.Features.Length);
        }
    }

    [Fact]
    public void The_meta_model_of_a_shared_trunk_is_small_and_the_bundle_verifies()
    {
        var made = Assemble("small");
        Assert.Equal(BundleManifest.SharedTrunk, made.Manifest.Format);
        Assert.True(new FileInfo(made.PathOf("stage2.onnx")).Length < new FileInfo(made.PathOf("stage1.onnx")).Length / 10);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.True(BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images > 0);
    }

    [Fact]
    public void An_enrolled_part_keeps_the_shared_trunk()
    {
        var made = Assemble("enrolled");
        var part = new NewPart("brand-new", made.Labels.Colors[1], made.Labels.Shapes[0], [SomeBundle.Images(_images)[3].Path]);
        var (enrolled, _) = new Enrollment(made, part).Run(_root, "2", made.Manifest.Created);
        Assert.Equal(made.Manifest.StageOne.Features, enrolled.Manifest.StageTwo.Input);
        using var runner = new BundleRunner(enrolled, ExecutionDevice.Cpu);
        BundleVerifier.Verify(enrolled, runner.Classifier, runner.Preprocessor);
    }

    [Fact]
    public void A_meta_model_for_features_of_another_size_is_refused_in_one_line()
    {
        var error = Assert.Throws<BundleException>(() => Assemble("wrong", features: _stage.FeatureSize + 1));
        Assert.Matches(@"stage1.onnx output 'features' is Float \[N,64\], expected Float \[N,65\]$", error.Message);
    }

    private ModelBundle Assemble(string name, bool mirrored = false, int features = 0)
    {
        var (one, two) = _stage.ToSharedOnnx(mirrored: mirrored);
        return new BundleAssembler(new()
        {
            ModelsRoot = _root,
            Name = name,
            Version = "1",
            StageOne = one,
            StageTwo = two,
            EmbeddingSize = Embedding,
            FeatureSize = features > 0 ? features : _stage.FeatureSize,
            InputSize = Side,
            Labels = _images.Labels,
            Training = SomeBundle.Images(_images),
            Validation = [],
            License = "as the images",
            GalleryViews = 0,
            GoldenImages = 3,
        }).Run();
    }

    private Dictionary<string, float[]> Run(byte[] onnx, byte[] pixels)
    {
        var spec = _stage.Network;
        using var inputs = new GraphMemory([new Value(Network.InputName, ElementType.UInt8, [1, Side, Side, 3])]);
        using var outputs = new GraphMemory(
        [
            new Value("embedding", ElementType.Float, [1, Embedding]),
            new Value("color_logits", ElementType.Float, [1, spec.Colors]),
            new Value("shape_logits", ElementType.Float, [1, spec.Shapes]),
        ]);
        using var session = GraphSession.Load(onnx, new(1));
        using var bound = session.Bind(inputs.Tensors, outputs.Tensors);
        pixels.CopyTo(inputs.Bytes(Network.InputName));
        bound.Run();
        return new[] { "embedding", "color_logits", "shape_logits" }.ToDictionary(name => name, name => outputs.Floats(name).ToArray());
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
}
