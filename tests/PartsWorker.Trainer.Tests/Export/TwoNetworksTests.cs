using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Export.Untrained;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class TwoNetworksTests : IDisposable
{
    private const int Images = 4;
    private readonly string _root = Directory.CreateTempSubdirectory("parts-two-").FullName;

    [Fact]
    public void A_bundle_of_format_1_gives_the_outputs_of_its_two_graphs()
    {
        var pair = RandomPair.All.Single(p => p.Name == "tiny");
        var bundle = new RandomBundle(pair, seed: 3, classes: 6).Write(_root, DateTimeOffset.UnixEpoch);
        Assert.Equal(BundleManifest.TwoNetworks, bundle.Manifest.Format);
        var options = new InferenceOptions
        {
            Device = ExecutionDevice.Cpu,
            IntraOpThreads = 1,
            MaxBatch = Images,
            LongestRun = TimeSpan.FromMinutes(1),
        };
        using var classifier = DualStageClassifier.Load(bundle, options, NullLogger.Instance);
        using var batch = classifier.CreateBatch();
        for (var i = 0; i < Images; i++)
        {
            new Random(i).NextBytes(batch.Slot(i).Span);
        }

        classifier.Run(batch, Images);
        using var settings = new SessionOptions { IntraOpNumThreads = 1 };
        var one = Run(bundle, "stage1.onnx", batch, settings, ["embedding", "scores"]);
        var two = Run(bundle, "stage2.onnx", batch, settings, ["color_logits", "shape_logits"]);
        for (var i = 0; i < Images; i++)
        {
            Assert.Equal(Row(one[0], i), batch.Embedding(i).ToArray(), Close);
            Assert.Equal(Row(one[1], i), batch.Scores(i).ToArray(), Close);
            Assert.Equal(Row(two[0], i), batch.ColorLogits(i).ToArray(), Close);
            Assert.Equal(Row(two[1], i), batch.ShapeLogits(i).ToArray(), Close);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-5;

    private static float[] Row(float[] values, int i) => values[(i * values.Length / Images)..((i + 1) * values.Length / Images)];

    private static float[][] Run(ModelBundle bundle, string file, ClassifierBatch batch, SessionOptions settings, string[] outputs)
    {
        var side = bundle.Manifest.Preprocessing.Size;
        byte[] pixels = [.. Enumerable.Range(0, Images).SelectMany(i => batch.Slot(i).ToArray())];
        using var session = new InferenceSession(bundle.PathOf(file), settings);
        using var image = OrtValue.CreateTensorValueFromMemory(pixels, [Images, side, side, 3]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["image"], [image], outputs);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }
}
