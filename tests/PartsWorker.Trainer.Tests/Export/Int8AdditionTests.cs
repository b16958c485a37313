using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>Bundles with 8-bit graphs beside those of float32.</summary>
public sealed class Int8AdditionTests : IDisposable
{
    private static readonly Int8Options Options = new(Images: 12, LargestLoss: 1);
    private readonly string _root = Directory.CreateTempSubdirectory("parts-int8-").FullName;
    private readonly ModelBundle _made;

    public Int8AdditionTests()
    {
        var stage = SharedNetwork.Stage(width: 0.25f);
        var (one, two) = stage.ToSharedOnnx(WeightStorage.Int8);
        var bundle = SharedNetwork.Assemble(_root, one, two, stage.FeatureSize);
        _made = Int8Addition.Write(bundle, SharedNetwork.Images, Options, "2", bundle.Manifest.Created).Bundle;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_bundle_reproduces_its_golden_outputs_in_both_precisions()
    {
        Assert.Equal([Precision.Fp32, Precision.Int8], _made.Precisions);
        Assert.All(_made.Precisions, p => Assert.True(Verify(_made, p).Images > 0));
    }

    [Fact]
    public void The_8_bit_graph_refers_to_the_same_weights_in_the_other_graph()
    {
        var (one, int8) = (Length("stage1.onnx"), Length("stage1.int8.onnx"));
        Assert.True(int8 < one / 2, $"{int8} of {one} bytes");
        long Length(string file) => new FileInfo(_made.PathOf(file)).Length;
    }

    [Fact]
    public void A_new_version_with_another_gallery_keeps_the_8_bit_graphs()
    {
        var part = new NewPart("brand-new", _made.Labels.Colors[1], _made.Labels.Shapes[0], [SharedNetwork.Images[3].Path]);
        var (enrolled, _) = new Enrollment(_made, part).Run(_root, "3", _made.Manifest.Created);
        Assert.Equal(_made.GalleryClasses.Length + 1, enrolled.Manifest.StageOne.GalleryRows);
        Assert.Equal(_made.Precisions, enrolled.Precisions);
        Verify(enrolled, Precision.Int8);
    }

    [Fact]
    public void A_wrongly_scaled_8_bit_graph_is_refused()
    {
        var broken = Broken();
        var error = Assert.Throws<BundleException>(() => Verify(broken, Precision.Int8));
        Assert.Contains("is not reproduced: ", error.Message, StringComparison.Ordinal);
        Verify(broken, Precision.Fp32);
    }

    [Fact]
    public void Fp32_serves_where_the_8_bit_graphs_are_refused()
    {
        var broken = Broken();
        using var runner = new BundleRunner(broken, ExecutionDevice.Cpu);
        InferenceOptions options = new() { Device = ExecutionDevice.Cpu, MaxBatch = 2 };
        using (var classifier = VerifiedClassifier.Load(broken, runner.Preprocessor, options, verify: true, NullLogger.Instance))
        {
            Assert.Equal(Precision.Fp32, classifier.Precision);
        }

        options.Precision = PrecisionSetting.Int8;
        Assert.Throws<BundleException>(
            () => VerifiedClassifier.Load(broken, runner.Preprocessor, options, verify: true, NullLogger.Instance));
    }

    [Fact]
    public void A_bundle_without_8_bit_graphs_is_refused_where_they_are_required()
    {
        var old = ModelBundle.Open(Path.Combine(_root, "shared", "1"));
        Assert.Equal([Precision.Fp32], old.Precisions);
        var error = Assert.Throws<BundleException>(() => Verify(old, Precision.Int8));
        Assert.Equal("shared@1: has no int8 graphs, only fp32", error.Message);
    }

    private static VerificationReport Verify(ModelBundle bundle, Precision precision)
    {
        using var runner = new BundleRunner(bundle, ExecutionDevice.Cpu, precision: PrecisionSettings.Of(precision));
        Assert.Equal(precision, runner.Classifier.Precision);
        return BundleVerifier.Verify(bundle, runner.Classifier, runner.Preprocessor);
    }

    /// <summary>A copy of the bundle in whose 8-bit graph the weights of one layer are doubled; all hashes are right.</summary>
    private ModelBundle Broken()
    {
        using var writer = BundleWriter.Begin(_root, "shared", "broken");
        foreach (var file in _made.Manifest.Files.Keys)
        {
            var target = Path.Combine(writer.Directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(_made.PathOf(file), target);
        }

        var graph = Path.Combine(writer.Directory, "stage1.int8.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(graph));
        var scale = model.Graph.Initializer.Single(i => i.Name == "layer2.0.conv1.weight_scale");
        scale.RawData = TensorCodec.Encode(scale.Name, Array.ConvertAll(TensorCodec.DecodeFloats(scale), s => s * 2), []).RawData;
        File.WriteAllBytes(graph, Google.Protobuf.MessageExtensions.ToByteArray(model));
        return writer.Commit(_made.Manifest with { Version = "broken" });
    }
}
