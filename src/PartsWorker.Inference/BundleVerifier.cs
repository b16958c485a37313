using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference;

/// <summary>How far the outputs on this device are from the recorded ones, at worst.</summary>
public sealed record VerificationReport(int Images, double Embedding, double Scores, double Logits, double Confidence);

/// <summary>Runs a bundle's golden images and refuses a bundle that does not give its recorded answers here.</summary>
public static class BundleVerifier
{
    // What TF32 and fp16 may change in scores and logits.
    private const double CudaTolerance = 2e-2;

    /// <exception cref="BundleException">An output differs by more than the bundle's tolerance, or an answer differs; names the
    /// image.</exception>
    public static VerificationReport Verify(ModelBundle bundle, DualStageClassifier classifier, Preprocessor preprocessor)
    {
        var golden = bundle.ReadGolden();
        if (golden.Images.Count == 0)
        {
            throw new BundleException($"{bundle.Key}: has no golden images, so nothing can be verified");
        }

        var onCuda = classifier.Device.StartsWith("cuda", StringComparison.Ordinal);
        var check = new GoldenCheck(bundle, onCuda ? Math.Max(CudaTolerance, golden.Tolerance) : golden.Tolerance, onCuda);
        using var batch = classifier.CreateBatch();
        foreach (var chunk in golden.Images.Chunk(batch.Capacity))
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                check.Pixels(chunk[i], preprocessor, batch.Slot(i).Span);
            }

            classifier.Run(batch, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                check.Outputs(chunk[i], batch, i);
            }
        }

        return check.Report(golden.Images.Count);
    }
}
