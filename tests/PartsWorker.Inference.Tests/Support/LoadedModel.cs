using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference.Tests.Support;

/// <summary>A bundle loaded on the CPU, with assertions that it reproduces its golden outputs.</summary>
public class LoadedModel : IDisposable
{
    public const double Tolerance = 1e-4;
    private const double SameScore = 1e-6;

    public LoadedModel(ModelBundle bundle)
    {
        Bundle = bundle;
        Golden = bundle.ReadGolden().Images;
        Classifier = DualStageClassifier.Load(
            bundle,
            new InferenceOptions
            {
                Device = ExecutionDevice.Cpu,
                Precision = PrecisionSetting.Fp32,
                MaxBatch = 16,
                LongestRun = TimeSpan.FromMinutes(1),
            },
            NullLogger.Instance);
        Preprocessor = new Preprocessor(
            ImageDecoders.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, new DecodeLimits());
    }

    public ModelBundle Bundle { get; }

    public IReadOnlyList<GoldenImage> Golden { get; }

    public DualStageClassifier Classifier { get; }

    public Preprocessor Preprocessor { get; }

    /// <summary>Decodes the recorded network input of a golden image into a slot.</summary>
    public void Fill(ClassifierBatch batch, int slot, GoldenImage golden) =>
        Preprocessor.Prepare(File.ReadAllBytes(Bundle.PathOf($"golden/{golden.Letterboxed}")), batch.Slot(slot).Span);

    public void AssertReproducesOutputs()
    {
        using var batch = Classifier.CreateBatch();
        foreach (var golden in Golden)
        {
            Fill(batch, 0, golden);
            Classifier.Run(batch, 1);
            AssertClose(golden.Embedding, batch.Embedding(0)[..golden.Embedding.Length]);
            AssertClose(golden.Scores, batch.Scores(0));
            AssertClose(golden.ColorLogits, batch.ColorLogits(0));
            AssertClose(golden.ShapeLogits, batch.ShapeLogits(0));
            AssertSameHits(golden, batch.Indices(0));
        }
    }

    public void AssertReproducesAnswers()
    {
        var fuser = new Fuser(Bundle);
        using var batch = Classifier.CreateBatch();
        foreach (var golden in Golden)
        {
            Fill(batch, 0, golden);
            Classifier.Run(batch, 1);
            var verdict = fuser.Classify(batch.Outputs(0));

            // The recorded class is the one before the thresholds; the decision may be unknown.
            Assert.Equal(golden.ClassId, verdict.Top5[0].ClassId);
            Assert.Equal(golden.FilterClassId, verdict.FilterClassId);
            Assert.Equal(golden.FilterPath, verdict.FilterPath);
            Assert.Equal(golden.Top1ClassId, verdict.Top1ClassId);
            Assert.Equal(golden.Confidence, verdict.Confidence, Tolerance);
        }
    }

    public static void AssertClose(float[] expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], Tolerance);
        }
    }

    public void Dispose()
    {
        Classifier.Dispose();
        Preprocessor.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void AssertSameHits(GoldenImage golden, ReadOnlySpan<long> found)
    {
        var scores = golden.Scores;
        for (var k = 0; k < golden.Indices.Length; k++)
        {
            var apart = (k == 0 || scores[k - 1] - scores[k] > SameScore)
                && (k == scores.Length - 1 || scores[k] - scores[k + 1] > SameScore);
            Assert.True(!apart || golden.Indices[k] == found[k], $"{golden.File}: hit {k}");
        }
    }
}
