using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export.Untrained;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class RandomBundleTests : IDisposable
{
    private const int Classes = 6;
    private static readonly RandomPair Tiny = RandomPair.All.Single(p => p.Name == "tiny");
    private readonly string _root = Directory.CreateTempSubdirectory("parts-random-").FullName;

    [Fact]
    public void A_random_bundle_reproduces_its_golden_outputs_with_the_workers_own_code()
    {
        var made = Write("a", seed: 3);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.Equal(Classes, BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images);
        Assert.Equal(DecodeScale.NoReserve, made.Manifest.Preprocessing.DecodeScale);
    }

    [Fact]
    public void The_same_seed_gives_the_same_files_and_another_seed_other_weights()
    {
        var (first, second, other) = (Write("a", seed: 3), Write("b", seed: 3), Write("a", seed: 4));
        Assert.Equal(
            first.Manifest.Files.OrderBy(f => f.Key, StringComparer.Ordinal),
            second.Manifest.Files.OrderBy(f => f.Key, StringComparer.Ordinal));
        Assert.NotEqual(first.Manifest.Files["stage1.onnx"], other.Manifest.Files["stage1.onnx"]);
    }

    [Fact]
    public void Its_embeddings_differ_between_images()
    {
        var made = Write("a", seed: 3);
        Assert.All(made.ReadGolden().Images, g => Assert.InRange(g.Scores[1], -1, 0.9999));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ModelBundle Write(string folder, int seed) =>
        new RandomBundle(Tiny, seed, Classes).Write(Path.Combine(_root, folder), DateTimeOffset.UnixEpoch);
}
