using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

public sealed class TwoNetworksTests
{
    private const int Images = 4;

    [Fact]
    public void A_bundle_of_format_1_gives_exactly_the_outputs_of_its_two_graphs()
    {
        var bundle = ModelBundle.Open(RepositoryModel.Folder);
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
        using var settings = SessionSettings.Create(options, cuda: false, threads: 1);
        var one = Run(bundle, "stage1.onnx", batch, settings, ["embedding", "scores"]);
        var two = Run(bundle, "stage2.onnx", batch, settings, ["color_logits", "shape_logits"]);
        for (var i = 0; i < Images; i++)
        {
            Assert.Equal(Row(one[0], i), batch.Embedding(i).ToArray());
            Assert.Equal(Row(one[1], i), batch.Scores(i).ToArray());
            Assert.Equal(Row(two[0], i), batch.ColorLogits(i).ToArray());
            Assert.Equal(Row(two[1], i), batch.ShapeLogits(i).ToArray());
        }
    }

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
