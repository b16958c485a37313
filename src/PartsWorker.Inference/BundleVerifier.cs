using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference;

/// <summary>The largest differences between the outputs on this device and the golden outputs.</summary>
public sealed record VerificationReport(int Images, double Embedding, double Scores, double Logits, double Confidence);

/// <summary>Runs the golden images of a bundle and rejects a bundle that does not reproduce its golden outputs.</summary>
public static class BundleVerifier
{
    // Allowed differences of scores and logits with TF32 and fp16.
    private const double CudaTolerance = 2e-2;

    /// <exception cref="BundleException">An output differs by more than the bundle's tolerance, or an answer differs; the message names
    /// the image.</exception>
    public static VerificationReport Verify(ModelBundle bundle, DualStageClassifier classifier, Preprocessor preprocessor)
    {
        var golden = bundle.ReadGolden(classifier.Precision);
        if (golden.Images.Count == 0)
        {
            throw new BundleException($"{bundle.Key}: has no golden images, so it cannot be verified");
        }

        var onCuda = classifier.Device.StartsWith("cuda", StringComparison.Ordinal);
        var rounds = onCuda || classifier.Precision != Precision.Fp32;
        var check = new GoldenCheck(bundle, onCuda ? Math.Max(CudaTolerance, golden.Tolerance) : golden.Tolerance, rounds);
        using var batch = classifier.CreateBatch();
        foreach (var chunk in golden.Images.Chunk(batch.Capacity))
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                check.CheckPixels(chunk[i], preprocessor, batch.Slot(i).Span);
            }

            classifier.Run(batch, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                check.CheckOutputs(chunk[i], batch, i);
            }
        }

        return check.Report(golden.Images.Count);
    }
}
