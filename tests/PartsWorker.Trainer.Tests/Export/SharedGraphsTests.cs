using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Export.Untrained;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class SharedGraphsTests : IDisposable
{
    private const double Tolerance = 1e-5;
    private readonly string _root = Directory.CreateTempSubdirectory("parts-trunk-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(0, false)]
    [InlineData(12, false)]
    [InlineData(12, true)]
    public void The_two_graphs_give_the_outputs_of_the_whole_network_at_every_batch_size(int hidden, bool mirrored)
    {
        var stage = SharedNetwork.Stage(hidden: hidden);
        var bundle = SharedNetwork.Assemble(_root, stage, mirrored);
        // One thread, so that the networks of a bundle without a shared trunk would run in parallel.
        var options = new InferenceOptions
        {
            Device = ExecutionDevice.Cpu, IntraOpThreads = 1, MaxBatch = 8, LongestRun = TimeSpan.FromMinutes(1),
        };
        using var classifier = DualStageClassifier.Load(bundle, options, NullLogger.Instance);
        using var batch = classifier.CreateBatch();
        foreach (var count in new[] { 8, 1, 3, 5 })
        {
            var pixels = SharedNetwork.Pixels(count, seed: count);
            for (var i = 0; i < count; i++)
            {
                pixels.AsSpan(i * SharedNetwork.ImageBytes, SharedNetwork.ImageBytes).CopyTo(batch.Slot(i).Span);
            }

            classifier.Run(batch, count);
            var whole = SharedNetwork.Run(stage.ToOnnx(mirrored: mirrored), pixels, count);
            for (var i = 0; i < count; i++)
            {
                AssertClose(whole["embedding"], i, batch.Embedding(i));
                AssertClose(whole["color_logits"], i, batch.ColorLogits(i));
                AssertClose(whole["shape_logits"], i, batch.ShapeLogits(i));
            }
        }
    }

    [Fact]
    public void Enrolled_and_recalibrated_versions_keep_the_shared_trunk()
    {
        var made = SharedNetwork.Assemble(_root, SharedNetwork.Stage());
        var photo = SharedNetwork.Images[3];
        var part = new NewPart("brand-new", made.Labels.Colors[1], made.Labels.Shapes[0], [photo.Path]);
        var (enrolled, _) = new Enrollment(made, part).Run(_root, "2", made.Manifest.Created);
        EvaluationResult measured;
        using (var runner = new BundleRunner(enrolled, ExecutionDevice.Cpu))
        {
            measured = new Evaluator(enrolled).Evaluate("some", runner.Run(SharedNetwork.Images, []));
        }

        var fusion = made.Manifest.Fusion with { T1 = made.Manifest.Fusion.T1 * 2 };
        var recalibrated = new Recalibration(enrolled).Write(
            "3", fusion, new(), null, QualityThresholds.Default, measured, made.Manifest.Created);
        Assert.Contains(
            "One trunk: the meta model reads 64 features of the embedder",
            File.ReadAllText(recalibrated.PathOf("MODEL_CARD.md")),
            StringComparison.Ordinal);
        foreach (var version in new[] { enrolled, recalibrated })
        {
            Assert.Equal((BundleManifest.SharedTrunk, "features"), (version.Manifest.Format, version.Manifest.StageTwo.Input));
            Assert.Equal(made.Manifest.Files["stage2.onnx"], version.Manifest.Files["stage2.onnx"]);
            using var runner = new BundleRunner(version, ExecutionDevice.Cpu);
            BundleVerifier.Verify(version, runner.Classifier, runner.Preprocessor);
        }
    }

    [Fact]
    public void Heads_for_other_features_are_refused_in_one_line()
    {
        var (trunk, heads) = (SharedNetwork.Stage().ToSharedOnnx().StageOne, SharedNetwork.Stage(width: 0.25f).ToSharedOnnx().StageTwo);
        var error = Assert.Throws<BundleException>(() => SharedNetwork.Assemble(_root, trunk, heads, features: 64));
        Assert.EndsWith(
            "stage2.onnx input 'features' is Float [N,128], expected Float [N,64]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Training_can_start_from_all_weights_of_such_a_bundle()
    {
        var stage = SharedNetwork.Stage(hidden: 12);
        var made = SharedNetwork.Assemble(_root, stage);
        var (parameters, statistics) = SharedNetwork.Tensors(stage.Network);
        var found = WeightFile.Fit(made.Directory, parameters, statistics);
        Assert.Equal([MarginHead.WeightName], stage.Tensors.Keys.Except(found.Keys));
        Assert.All(found, f => Assert.Equal(stage.Tensors[f.Key], f.Value));
    }

    [Fact]
    public void A_random_bundle_can_have_a_shared_trunk()
    {
        var pair = RandomPair.All.Single(p => p.Name == "tiny-shared");
        var made = new RandomBundle(pair, seed: 3, classes: 6).Write(_root, DateTimeOffset.UnixEpoch);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.Equal(6, BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images);
        Assert.Equal(BundleManifest.SharedTrunk, made.Manifest.Format);
    }

    private static void AssertClose(float[] whole, int row, ReadOnlySpan<float> found)
    {
        for (var i = 0; i < found.Length; i++)
        {
            Assert.Equal(whole[(row * found.Length) + i], found[i], Tolerance);
        }
    }
}
