using PartsWorker.Model.Bundle;

namespace PartsWorker.Model.Fusion;

/// <summary>
/// The dual-stage answer. With a_c the evidence of class c among the hits, lc and ls the log probabilities of the heads:
/// <c>f_c = a_c + wc * lc[color(c)] + ws * ls[shape(c)]</c>, p = softmax of f over the candidates, answer = arg max. Thread-safe.
/// </summary>
public sealed class Fuser(FusionConstants constants, UnknownThresholds thresholds, LabelSet labels, int[] galleryClasses)
{
    private const int TopCandidates = 5;
    private const int MaxLabels = 1024;

    public Fuser(ModelBundle bundle)
        : this(bundle.Manifest.Fusion, bundle.Manifest.Thresholds, bundle.Labels, bundle.GalleryClasses)
    {
    }

    /// <summary>Judges one image from the outputs of both stages.</summary>
    /// <param name="scores">Cosines of the hits, K of them, at most 256.</param>
    /// <param name="indices">Gallery rows of the hits.</param>
    /// <param name="colorLogits">One per color.</param>
    /// <param name="shapeLogits">One per shape.</param>
    /// <exception cref="ArgumentException">The model gave values that are not numbers, or rows the gallery lacks.</exception>
    public Verdict Judge(ReadOnlySpan<float> scores, ReadOnlySpan<long> indices, ReadOnlySpan<float> colorLogits, ReadOnlySpan<float> shapeLogits)
    {
        RequireNumbers(scores, colorLogits, shapeLogits);
        var candidates = new CandidateList(stackalloc int[scores.Length], stackalloc double[scores.Length], stackalloc double[scores.Length]);
        for (var k = 0; k < scores.Length; k++)
        {
            candidates.Add(ClassOf(indices[k]), scores[k]);
        }

        Span<double> lc = stackalloc double[colorLogits.Length];
        Span<double> ls = stackalloc double[shapeLogits.Length];
        var color = LogSoftmax.Compute(colorLogits, constants.Tc, lc);
        var shape = LogSoftmax.Compute(shapeLogits, constants.Ts, ls);
        for (var i = 0; i < candidates.Count; i++)
        {
            var c = labels.Classes[candidates.Ids[i]];
            candidates.Fused[i] = (candidates.Similarities[i] / constants.T1) + (constants.Wc * lc[c.Color]) + (constants.Ws * ls[c.Shape]);
        }

        candidates.Normalize();
        return Conclude(candidates, ClassOf(indices[0]), scores[0], (color, Math.Exp(lc[color])), (shape, Math.Exp(ls[shape])));
    }

    private Verdict Conclude(in CandidateList candidates, int top1, double similarity, (int Id, double Confidence) color, (int Id, double Confidence) shape)
    {
        var best = candidates.Best(TopCandidates);
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

    private int ClassOf(long row) => row >= 0 && row < galleryClasses.Length
        ? galleryClasses[row]
        : throw new ArgumentException($"the model named gallery row {row}, but the gallery has {galleryClasses.Length}");

    private static void RequireNumbers(ReadOnlySpan<float> scores, ReadOnlySpan<float> colorLogits, ReadOnlySpan<float> shapeLogits)
    {
        if (scores.IsEmpty || colorLogits.Length > MaxLabels || shapeLogits.Length > MaxLabels)
        {
            throw new ArgumentException($"the model gave {scores.Length} hits, {colorLogits.Length} colors and {shapeLogits.Length} shapes");
        }

        if (HasNonFinite(scores) || HasNonFinite(colorLogits) || HasNonFinite(shapeLogits))
        {
            throw new ArgumentException("the model gave an output that is not a finite number");
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
