using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Export.Untrained;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>Bundles with float16 graphs beside the others.</summary>
public sealed class HalfGraphsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-half-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_bundle_of_one_trunk_reproduces_its_golden_outputs_in_all_three_precisions()
    {
        var stage = SharedNetwork.Stage(width: 0.25f);
        var (one, two) = stage.ToSharedOnnx(WeightStorage.Int8);
        var bundle = SharedNetwork.Assemble(_root, one, two, stage.FeatureSize);
        var int8 = Int8Addition.Write(bundle, SharedNetwork.Images, new(Images: 12, LargestLoss: 1), "2", bundle.Manifest.Created).Bundle;

        var made = HalfGraphs.Add(int8, "3", bundle.Manifest.Created);

        Assert.Equal([Precision.Fp32, Precision.Fp16, Precision.Int8], made.Precisions);
        Assert.All(made.Precisions, precision => Verify(made, precision));
        Assert.Contains("* fp16: convolutions", File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_networks_of_a_bundle_compute_with_float16()
    {
        var pair = RandomPair.All.Single(p => p.Name == "tiny");
        var made = HalfGraphs.Add(
            new RandomBundle(pair, seed: 3, classes: 6).Write(_root, DateTimeOffset.UnixEpoch), "2", DateTimeOffset.UnixEpoch);

        Verify(made, Precision.Fp16);
        var (files, own) = (made.FilesOf(Precision.Fp16), made.FilesOf(Precision.Fp32));
        Assert.True(Length(files.StageTwo) < 0.8 * Length(own.StageTwo), $"{Length(files.StageTwo)} of {Length(own.StageTwo)} bytes");
        long Length(string file) => new FileInfo(made.PathOf(file)).Length;
    }

    private static void Verify(ModelBundle bundle, Precision precision)
    {
        using var runner = new BundleRunner(bundle, ExecutionDevice.Cpu, precision: PrecisionSettings.Of(precision));
        Assert.Equal(precision, runner.Classifier.Precision);
        Assert.True(BundleVerifier.Verify(bundle, runner.Classifier, runner.Preprocessor).Images > 0);
    }
}
