using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Fusion;

/// <summary>
/// Fuses the hits, color and shape into one class. With a_c the evidence of class c among the hits, lc and ls the log probabilities of the
/// heads: <c>f_c = a_c + wc * lc[color(c)] + ws * ls[shape(c)]</c>, p = softmax of f over the candidates, answer = arg max.
/// For a class that was enrolled without training, lc and ls are the expected log probabilities <c>sum exp(l) * l</c>: the same for each
/// such class, and lower the less certain the heads are. Thread-safe.
/// </summary>
public sealed class Fuser(
    FusionConstants constants, UnknownThresholds thresholds, LabelSet labels, int[] galleryClasses, KnownScore? known = null,
    QualityThresholds? quality = null)
{
    private const int TopCandidates = 5;
    private const int MaxLabels = 1024;
    private readonly bool _allHits = string.Equals(constants.Rule, EvidenceRules.AllHits, StringComparison.Ordinal);
    private readonly int[] _rowsOf = CountRows(galleryClasses, labels.Classes.Count);

    /// <param name="bundle">Constants, labels and thresholds.</param>
    /// <param name="qualityGate">False to accept bad images as well.</param>
    public Fuser(ModelBundle bundle, bool qualityGate = true)
        : this(
            bundle.Manifest.Fusion,
            bundle.Manifest.Thresholds,
            bundle.Labels,
            bundle.GalleryClasses,
            KnownScore.Of(bundle.Manifest),
            qualityGate ? bundle.Manifest.Quality ?? QualityThresholds.Default : null)
    {
    }

    /// <summary>Classifies one image from the outputs of the embedder and the meta model.</summary>
    /// <param name="outputs">Outputs of both networks for the image.</param>
    /// <param name="top">How many of the best candidates to list.</param>
    /// <exception cref="ArgumentException">
    /// The model returned values that are not finite, or rows that the gallery does not have.
    /// </exception>
    public Verdict Classify(in ModelOutputs outputs, int top = TopCandidates) =>
        Classify(outputs, top, stackalloc double[DetectorInputs.All.Count]);

    /// <summary>Like <see cref="Classify(in ModelOutputs, int)"/>, and returns the inputs of the unknown detector.</summary>
    /// <param name="outputs">Outputs of both networks for the image.</param>
    /// <param name="top">How many of the best candidates to list.</param>
    /// <param name="inputs">Receives the inputs in the order of <see cref="DetectorInputs.All"/>.</param>
    public Verdict Classify(in ModelOutputs outputs, int top, Span<double> inputs)
    {
        RequireNumbers(outputs);
        var scores = outputs.Scores;
        var hits = scores.Length;
        var candidates = new CandidateList(stackalloc int[hits], stackalloc double[hits], stackalloc double[hits]);
        for (var k = 0; k < scores.Length; k++)
        {
            candidates.Add(ClassOf(outputs.Indices[k]), scores[k], Math.Exp((scores[k] - scores[0]) / constants.T1));
        }

        Span<double> lc = stackalloc double[outputs.ColorLogits.Length];
        Span<double> ls = stackalloc double[outputs.ShapeLogits.Length];
        Softmax.FillLog(outputs.ColorLogits, constants.Tc, lc);
        Softmax.FillLog(outputs.ShapeLogits, constants.Ts, ls);
        var (expectedColor, expectedShape) = (Softmax.Expected(lc), Softmax.Expected(ls));
        Span<double> fused = stackalloc double[candidates.Count];
        for (var i = 0; i < fused.Length; i++)
        {
            var c = labels.Classes[candidates.Ids[i]];
            var (color, shape) = c.Enrolled ? (expectedColor, expectedShape) : (lc[c.Color], ls[c.Shape]);
            fused[i] = Evidence(candidates, i, scores[0]) + (constants.Wc * color) + (constants.Ws * shape);
        }

        Span<double> probabilities = stackalloc double[candidates.Count];
        Softmax.Fill(fused, probabilities);
        var best = candidates.Best(probabilities, top);
        var answer = labels.Classes[best[0].ClassId];
        KnownScore.FillInputs(
            outputs,
            best[0].Confidence,
            answer.Enrolled ? expectedColor : lc[answer.Color],
            answer.Enrolled ? expectedShape : ls[answer.Shape],
            inputs);
        var (topColor, topShape) = (Softmax.ArgMax(lc), Softmax.ArgMax(ls));
        return Conclude(
            outputs.Quality,
            candidates,
            best,
            (topColor, Math.Exp(lc[topColor])),
            (topShape, Math.Exp(ls[topShape])),
            known?.Of(inputs, outputs.Distances));
    }

    private Verdict Conclude(
        ImageQuality image,
        in CandidateList candidates,
        Candidate[] best,
        (int Id, double Confidence) color,
        (int Id, double Confidence) shape,
        double? knownScore)
    {
        // The hits come in descending order, so the first candidate is the class of the best hit.
        var (top1, similarity, answer) = (candidates.Ids[0], candidates.Similarities[0], best[0]);
        var fault = quality?.FaultOf(image);
        var unknown = fault is not null || answer.Confidence < thresholds.Confidence || similarity < thresholds.Similarity
            || (knownScore is { } score && !known!.Accepts(score, labels.Classes[answer.ClassId].Name));
        var (filterClass, filterPath) = FilterRule.Answer(candidates, labels.Classes, color.Id, shape.Id);
        return new Verdict
        {
            ClassId = unknown ? null : answer.ClassId,
            Decision = unknown ? Verdict.Unknown : Verdict.Accepted,
            Confidence = answer.Confidence,
            ColorId = color.Id,
            ColorConfidence = color.Confidence,
            ShapeId = shape.Id,
            ShapeConfidence = shape.Confidence,
            MaxSimilarity = similarity,
            KnownScore = knownScore,
            Quality = image,
            Fault = fault,
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

    private static void RequireNumbers(in ModelOutputs outputs)
    {
        var (hits, colors, shapes) = (outputs.Scores.Length, outputs.ColorLogits.Length, outputs.ShapeLogits.Length);
        if (hits == 0 || colors > MaxLabels || shapes > MaxLabels)
        {
            throw new ArgumentException($"the model returned {hits} hits, {colors} colors and {shapes} shapes");
        }

        if (HasNonFinite(outputs.Scores) || HasNonFinite(outputs.ColorLogits) || HasNonFinite(outputs.ShapeLogits)
            || HasNonFinite(outputs.Distances))
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
