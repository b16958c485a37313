using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Bundles.Fusion;

/// <summary>
/// Fuses the hits, color and shape into one class. With a_c the evidence of class c among the hits, lc and ls the log probabilities of the
/// heads: <c>f_c = a_c + wc * lc[color(c)] + ws * ls[shape(c)]</c>, p = softmax of f over the candidates, answer = arg max. Thread-safe.
/// </summary>
public sealed class Fuser(FusionConstants constants, UnknownThresholds thresholds, LabelSet labels, int[] galleryClasses)
{
    private const int TopCandidates = 5;
    private const int MaxLabels = 1024;
    private readonly bool _allHits = string.Equals(constants.Rule, EvidenceRules.AllHits, StringComparison.Ordinal);
    private readonly int[] _rowsOf = CountRows(galleryClasses, labels.Classes.Count);

    public Fuser(ModelBundle bundle)
        : this(bundle.Manifest.Fusion, bundle.Manifest.Thresholds, bundle.Labels, bundle.GalleryClasses)
    {
    }

    /// <summary>Classifies one image from the outputs of the embedder and the meta model.</summary>
    /// <param name="scores">Cosines of the hits, K of them, at most 256.</param>
    /// <param name="indices">Gallery rows of the hits.</param>
    /// <param name="colorLogits">One per color.</param>
    /// <param name="shapeLogits">One per shape.</param>
    /// <param name="top">How many of the best candidates to list.</param>
    /// <exception cref="ArgumentException">
    /// The model returned values that are not finite, or rows that the gallery does not have.
    /// </exception>
    public Verdict Classify(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<long> indices,
        ReadOnlySpan<float> colorLogits,
        ReadOnlySpan<float> shapeLogits,
        int top = TopCandidates)
    {
        RequireNumbers(scores, colorLogits, shapeLogits);
        var hits = scores.Length;
        var candidates = new CandidateList(stackalloc int[hits], stackalloc double[hits], stackalloc double[hits]);
        for (var k = 0; k < scores.Length; k++)
        {
            candidates.Add(ClassOf(indices[k]), scores[k], Math.Exp((scores[k] - scores[0]) / constants.T1));
        }

        Span<double> lc = stackalloc double[colorLogits.Length];
        Span<double> ls = stackalloc double[shapeLogits.Length];
        Softmax.FillLog(colorLogits, constants.Tc, lc);
        Softmax.FillLog(shapeLogits, constants.Ts, ls);
        Span<double> fused = stackalloc double[candidates.Count];
        for (var i = 0; i < fused.Length; i++)
        {
            var c = labels.Classes[candidates.Ids[i]];
            fused[i] = Evidence(candidates, i, scores[0]) + (constants.Wc * lc[c.Color]) + (constants.Ws * ls[c.Shape]);
        }

        Span<double> probabilities = stackalloc double[candidates.Count];
        Softmax.Fill(fused, probabilities);
        var (color, shape) = (Softmax.ArgMax(colorLogits), Softmax.ArgMax(shapeLogits));
        var best = candidates.Best(probabilities, top);
        return Conclude(candidates, best, ClassOf(indices[0]), scores[0], (color, Math.Exp(lc[color])), (shape, Math.Exp(ls[shape])));
    }

    private Verdict Conclude(
        in CandidateList candidates,
        Candidate[] best,
        int top1,
        double similarity,
        (int Id, double Confidence) color,
        (int Id, double Confidence) shape)
    {
        var unknown = best[0].Confidence < thresholds.Confidence || similarity < thresholds.Similarity;
        var (filterClass, filterPath) = FilterRule.Answer(candidates, labels.Classes, color.Id, shape.Id);
        return new Verdict
        {
            ClassId = unknown ? null : best[0].ClassId,
            Decision = unknown ? Verdict.Unknown : Verdict.Accepted,
            Confidence = best[0].Confidence,
            ColorId = color.Id,
            ColorConfidence = color.Confidence,
            ShapeId = shape.Id,
            ShapeConfidence = shape.Confidence,
            MaxSimilarity = similarity,
            Top1ClassId = top1,
            FilterClassId = filterClass,
            FilterPath = filterPath,
            Top5 = best,
        };
    }

    // The hit weights are relative to the best hit; its s_1 / T1 is added back here.
    private double Evidence(in CandidateList candidates, int i, double best) => _allHits
        ? (best / constants.T1) + Math.Log(candidates.HitWeights[i] / _rowsOf[candidates.Ids[i]])
        : candidates.Similarities[i] / constants.T1;

    private static int[] CountRows(int[] galleryClasses, int classes)
    {
        var rows = new int[classes];
        foreach (var id in galleryClasses)
        {
            rows[id]++;
        }

        return rows;
    }

    private int ClassOf(long row) => row >= 0 && row < galleryClasses.Length
        ? galleryClasses[row]
        : throw new ArgumentException($"the model returned gallery row {row}, but the gallery has {galleryClasses.Length} rows");

    private static void RequireNumbers(ReadOnlySpan<float> scores, ReadOnlySpan<float> colorLogits, ReadOnlySpan<float> shapeLogits)
    {
        if (scores.IsEmpty || colorLogits.Length > MaxLabels || shapeLogits.Length > MaxLabels)
        {
            throw new ArgumentException(
                $"the model returned {scores.Length} hits, {colorLogits.Length} colors and {shapeLogits.Length} shapes");
        }

        if (HasNonFinite(scores) || HasNonFinite(colorLogits) || HasNonFinite(shapeLogits))
        {
            throw new ArgumentException("the model returned an output that is not a finite number");
        }
    }

    private static bool HasNonFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                return true;
            }
        }

        return false;
    }
}
