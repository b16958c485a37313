using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class DecodeScaleChangeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-scale-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(DecodeScale.HalfReserve, ImageDecoders.LibVips, "as long as both sides keep 64 pixels")]
    [InlineData(DecodeScale.NoReserve, ImageDecoders.LibVips, "as long as both sides keep 32 pixels")]
    [InlineData(DecodeScale.Full, ImageDecoders.ImageSharp, "Every pixel is decoded")]
    public void The_new_version_decodes_at_the_scale_and_reproduces_its_own_golden_outputs(DecodeScale scale, string decoder, string card)
    {
        var stage = SharedNetwork.Stage(width: 0.25f);
        var (one, two) = stage.ToSharedOnnx(WeightStorage.Fp32);
        var bundle = SharedNetwork.Assemble(_root, one, two, stage.FeatureSize);

        var made = DecodeScaleChange.Write(bundle, scale, "2", bundle.Manifest.Created);

        Assert.Equal((scale, decoder), (made.Manifest.Preprocessing.DecodeScale, made.Manifest.Preprocessing.Decoder));
        Assert.Equal(bundle.Manifest.Fusion, made.Manifest.Fusion);
        Assert.Contains(card, File.ReadAllText(made.PathOf("MODEL_CARD.md")), StringComparison.Ordinal);
        using var runner = new BundleRunner(made);
        Assert.True(BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images > 0);
    }
}
