using System.Security.Cryptography;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Inference;

/// <summary>Compares outputs with the golden outputs, image by image, and records the largest differences.</summary>
/// <param name="bundle">The bundle.</param>
/// <param name="tolerance">Largest difference allowed in embedding, scores and logits.</param>
/// <param name="rounds">
/// Whether the device or the precision rounds more than float32 on a CPU: the order of close hits and narrow answers may differ.
/// </param>
internal sealed class GoldenCheck(ModelBundle bundle, double tolerance, bool rounds)
{
    // Rows whose cosines differ by less may be in either order.
    private const double SameScore = 1e-6;

    private readonly Fuser _fuser = new(bundle);
    private double _embedding;
    private double _scores;
    private double _logits;
    private double _confidence;

    /// <summary>Decodes the recorded network input of an image into a slot and checks its hash.</summary>
    public void CheckPixels(GoldenImage golden, Preprocessor preprocessor, Span<byte> slot)
    {
        var path = bundle.PathOf($"golden/{golden.Letterboxed}");
        try
        {
            preprocessor.Prepare(File.ReadAllBytes(path), slot);
        }
        catch (Exception error) when (error is IOException or UnreadableImageException or ImageTooLargeException)
        {
            throw new BundleException($"{bundle.Key}: golden/{golden.Letterboxed}: {error.Message}", error);
        }

        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(slot)), golden.LetterboxedSha256, StringComparison.OrdinalIgnoreCase))
        {
            throw Mismatch(golden, "the decoded letterboxed pixels");
        }
    }

    public void CheckOutputs(GoldenImage golden, ClassifierBatch batch, int i)
    {
        Track(golden, "embedding", ref _embedding, golden.Embedding, batch.Embedding(i));
        Track(golden, "scores", ref _scores, golden.Scores, batch.Scores(i));
        Track(golden, "color logits", ref _logits, golden.ColorLogits, batch.ColorLogits(i));
        Track(golden, "shape logits", ref _logits, golden.ShapeLogits, batch.ShapeLogits(i));
        if (!rounds)
        {
            CheckIndices(golden, batch.Indices(i));
        }

        CheckVerdict(golden, _fuser.Classify(batch.Outputs(i)));
    }

    public VerificationReport Report(int images) => new(images, _embedding, _scores, _logits, _confidence);

    private void CheckVerdict(GoldenImage golden, Verdict verdict)
    {
        // A difference d of a score changes f by d / T1, and a probability by at most a quarter of that.
        var allowed = rounds ? Math.Min(1, tolerance / (4 * bundle.Manifest.Fusion.T1)) : tolerance;
        var recorded = verdict.Top5.Where(candidate => candidate.ClassId == golden.ClassId)
            .Select(candidate => candidate.Confidence)
            .FirstOrDefault(-1);
        var difference = Math.Abs(recorded - golden.Confidence);
        if (verdict.Confidence - recorded > allowed || difference > allowed)
        {
            throw Mismatch(
                golden,
                $"the answer (class {verdict.Top5[0].ClassId} at {verdict.Confidence:0.0000}, "
                    + $"recorded {golden.ClassId} at {golden.Confidence:0.0000})");
        }

        var sameFilter = verdict.FilterClassId == golden.FilterClassId
            && string.Equals(verdict.FilterPath, golden.FilterPath, StringComparison.Ordinal);
        if (!rounds && !sameFilter)
        {
            throw Mismatch(
                golden,
                $"the filter's answer (class {verdict.FilterClassId} by {verdict.FilterPath}, "
                    + $"recorded {golden.FilterClassId} by {golden.FilterPath})");
        }

        _confidence = Math.Max(_confidence, difference);
    }

    private void CheckIndices(GoldenImage golden, ReadOnlySpan<long> found)
    {
        var (scores, rows) = (golden.Scores, golden.Indices);
        for (var k = 0; k < rows.Length; k++)
        {
            var apart = (k == 0 || scores[k - 1] - scores[k] > SameScore) && k + 1 < rows.Length && scores[k] - scores[k + 1] > SameScore;
            if (apart && rows[k] != found[k])
            {
                throw Mismatch(golden, $"hit {k} (gallery row {found[k]}, recorded {rows[k]})");
            }
        }
    }

    private void Track(GoldenImage golden, string what, ref double largest, float[] recorded, ReadOnlySpan<float> found)
    {
        for (var i = 0; i < recorded.Length && i < found.Length; i++)
        {
            var difference = Math.Abs(recorded[i] - found[i]);
            if (!(difference <= tolerance))
            {
                throw Mismatch(golden, $"{what} ({found[i]}, recorded {recorded[i]}, tolerance {tolerance})");
            }

            largest = Math.Max(largest, difference);
        }
    }

    private BundleException Mismatch(GoldenImage golden, string what) =>
        new($"{bundle.Key}: golden image {golden.File} is not reproduced: {what}");
}
