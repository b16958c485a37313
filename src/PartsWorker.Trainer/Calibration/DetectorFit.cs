using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Fits the unknown detector of a bundle. The test <c>class</c> separates known parts from parts whose class is removed from the gallery;
/// the test <c>image</c> separates them from images without a part, by the distances if the meta model has them; the test <c>contrast</c>
/// separates them from images of one color, which may look like a closeup of a part of that color.
/// </summary>
/// <param name="fusion">Fitted fusion constants.</param>
/// <param name="labels">Classes of the bundle.</param>
/// <param name="galleryClasses">Class of each gallery row.</param>
/// <param name="distances">Names of the distances; empty if the meta model has none.</param>
/// <param name="byClass">Those of the distances that depend on the classes of the bundle.</param>
internal sealed class DetectorFit(
    FusionConstants fusion, LabelSet labels, int[] galleryClasses, IReadOnlyList<string> distances, IReadOnlyList<string> byClass)
{
    /// <summary>A class gets its own threshold if this many of its good images are below it.</summary>
    public const int HeldBackPerClass = 2;

    private const int Digits = 6;
    private const double Precision = 1e4;

    // Images of one color with a little noise have less contrast.
    private const double FlatContrast = 6;
    private static readonly string[] OfFusion =
        [DetectorInputs.Similarity, DetectorInputs.Confidence, DetectorInputs.Color, DetectorInputs.Shape];

    private readonly Fuser _fuser = new(fusion, new(), labels, galleryClasses);

    /// <param name="known">Images of known parts that are neither in the gallery nor in the training data.</param>
    /// <param name="removed">The same images without the hits and the distances of their own classes.</param>
    /// <param name="junk">Images without a part; may be empty.</param>
    /// <returns>The tests that have an input; empty if there are no unknown images.</returns>
    public IReadOnlyList<DetectorTest> FitTests(
        IReadOnlyList<ImageOutputs> known, IReadOnlyList<ImageOutputs> removed, IReadOnlyList<ImageOutputs> junk)
    {
        var tests = new List<DetectorTest>();
        if (removed.Count > 0)
        {
            tests.Add(Separate("class", [.. OfFusion, .. byClass], known, removed));
        }

        if (junk.Count > 0)
        {
            tests.Add(Separate("image", distances.Count > 0 ? [.. distances] : OfFusion, known, junk));
        }

        ImageOutputs[] flat = [.. junk.Where(j => j.Contrast < FlatContrast)];
        if (flat.Length > 0)
        {
            tests.Add(Separate("contrast", [DetectorInputs.Contrast], known, flat));
        }

        // A test without inputs is a constant, which would limit the known score of every image.
        return tests.FindAll(test => test.Weights.Count > 0);
    }

    /// <summary>
    /// The detector with the threshold that holds back a share of good images. A class with enough images gets a threshold of its own that
    /// holds back this share of them: with one threshold for all, some classes lose several times as many images as others.
    /// </summary>
    /// <param name="tests">Fitted tests.</param>
    /// <param name="good">Images of known parts, as varied as those to come.</param>
    /// <param name="falseAlarms">The share to hold back, above 0 and below 1.</param>
    public UnknownDetector WithThreshold(IReadOnlyList<DetectorTest> tests, IReadOnlyList<ImageOutputs> good, double falseAlarms)
    {
        var detector = new UnknownDetector { Tests = tests, Threshold = 0, FalseAlarms = falseAlarms };
        var scored = Scores(detector, good).ToArray();
        // Views of one image count once.
        var own = scored.GroupBy(image => image.Answer, StringComparer.Ordinal)
            .Where(images => images.Select(image => image.Path).Distinct(StringComparer.Ordinal).Count() >= ImagesPerClass(falseAlarms))
            .ToDictionary(images => images.Key, images => Quantile(images, falseAlarms), StringComparer.Ordinal);
        return detector with { Threshold = Quantile(scored, falseAlarms), ClassThresholds = own.Count > 0 ? own : null };
    }

    /// <summary>Good images that a class needs for its own threshold.</summary>
    public static int ImagesPerClass(double falseAlarms) => (int)Math.Ceiling(HeldBackPerClass / falseAlarms);

    /// <summary>The share of images that a detector accepts, 0..1; 0 without images.</summary>
    public double AcceptedShare(UnknownDetector detector, IReadOnlyList<ImageOutputs> images) =>
        images.Count == 0 ? 0
            : Scores(detector, images).Count(image => image.Score >= detector.ThresholdOf(image.Answer)) / (double)images.Count;

    private static double Quantile(IEnumerable<Scored> images, double share)
    {
        var rising = images.Select(image => image.Score).Order().ToArray();
        // Rounded down, so that the image at the threshold is accepted.
        return Math.Floor(rising[(int)(share * rising.Length)] * Precision) / Precision;
    }

    private IEnumerable<Scored> Scores(UnknownDetector detector, IReadOnlyList<ImageOutputs> images)
    {
        var score = new KnownScore(detector, distances);
        return images.Select(image =>
        {
            var (inputs, answer) = Classify(image);
            return new Scored(image.Path, labels.Classes[answer].Name, score.Of(inputs, image.Distances));
        });
    }

    // The network was trained on the classes that are removed here, but not on the unknown parts of production. Without limits the fit may
    // find that confident answers are unknown parts; on classes that the network never saw, this is wrong.
    private DetectorTest Separate(
        string name, string[] inputs, IReadOnlyList<ImageOutputs> known, IReadOnlyList<ImageOutputs> unknown)
    {
        var images = known.Concat(unknown).ToArray();
        var balance = known.Count / (double)unknown.Count;
        int[] signs = [.. inputs.Select(input => distances.Contains(input) ? -1 : 1)];
        var (bias, weights) = LogisticFit.FitRising(
            [.. images.Select(image => Select(image, inputs).Zip(signs, (x, sign) => sign * x).ToArray())],
            [.. images.Select((_, i) => i < known.Count)],
            [.. images.Select((_, i) => i < known.Count ? 1 : balance)]);
        return new()
        {
            Name = name,
            Bias = Math.Round(bias, Digits),
            Weights = inputs.Select((input, i) => (input, Weight: Math.Round(signs[i] * weights[i], Digits)))
                .Where(w => w.Weight != 0)
                .ToDictionary(w => w.input, w => w.Weight, StringComparer.Ordinal),
        };
    }

    private double[] Select(ImageOutputs image, string[] inputs)
    {
        double[] all = [.. Classify(image).Inputs, .. image.Distances];
        string[] names = [.. DetectorInputs.All, .. distances];
        return [.. inputs.Select(input => all[Array.IndexOf(names, input)])];
    }

    private (double[] Inputs, int Answer) Classify(ImageOutputs image)
    {
        var inputs = new double[DetectorInputs.All.Count];
        var verdict = _fuser.Classify(image.ForFusion(), 1, inputs);
        return (inputs, verdict.Top5[0].ClassId);
    }

    private readonly record struct Scored(string Path, string Answer, double Score);
}
