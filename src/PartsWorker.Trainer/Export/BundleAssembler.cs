using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Builds a bundle from two trained graphs. The worker's own code runs a draft with a placeholder gallery over all images; its outputs give
/// the gallery, the fusion constants, the metrics and the golden outputs of the final bundle.
/// </summary>
internal sealed class BundleAssembler(AssemblyRequest request, IProgress<int>? progress = null)
{
    private const int MinimumToFit = 20;
    private const int ViewSeed = 1;
    private const int RemovedFolds = 4;
    private const int GentleViews = 3;
    private static readonly FusionConstants DefaultConstants = new() { T1 = 0.05, Tc = 1, Ts = 1, Wc = 0.3, Ws = 0.3 };

    /// <summary>Measurements on the validation images; null before <see cref="Run"/> or with too few validation images.</summary>
    public EvaluationResult? Validation { get; private set; }

    /// <summary>The 8-bit networks of the bundle; empty before <see cref="Run"/> or if it has none.</summary>
    public IReadOnlyList<Int8Network> Int8 { get; private set; } = [];

    /// <summary>The unknown detector of the bundle; null before <see cref="Run"/> or if it has none.</summary>
    public FittedDetector? Detector { get; private set; }

    public ModelBundle Run(CancellationToken cancel = default)
    {
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            var seen = Observe(scratch, cancel);
            var decision = Calibrate(seen);
            var gallery = GallerySelection.Thin([.. seen.Training, .. seen.SetAside], request.GalleryPerClass);
            var draft = Draft(gallery.ConvertAll(g => g.Embedding), gallery.ConvertAll(g => g.ClassId), decision) with
            {
                Images = gallery.ConvertAll(g => new GalleryImage(g.Path, IsSmall: false)),
            };
            if (request.Int8 is { } options)
            {
                var (graphs, networks) = Int8Graphs.Make(draft, request.Training, options, request.Int8Progress, cancel);
                (draft, Int8) = (draft.With(graphs, Int8Graphs.Describe(networks)), networks);
            }

            if (request.Fp16)
            {
                draft = draft.With(HalfGraphs.Make(draft), HalfGraphs.Description);
            }

            var golden = GoldenRecorder.Record(draft, scratch, GoldenRecorder.Choose(GoldenSource, request.GoldenImages));
            return draft.Write(request.ModelsRoot, request.Version, golden);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>A bundle with a placeholder gallery, which the worker's code can run.</summary>
    private BundleDraft Placeholder()
    {
        var rows = request.Labels.Classes.Select(c => Unit(c.Id % request.EmbeddingSize)).ToList();
        return Draft(rows, [.. Enumerable.Range(0, rows.Count)], new(DefaultConstants));
    }

    private float[] Unit(int axis)
    {
        var row = new float[request.EmbeddingSize];
        row[axis] = 1;
        return row;
    }

    /// <summary>Runs all images, with distances of their features where the networks share a trunk.</summary>
    private Observed Observe(string scratch, CancellationToken cancel)
    {
        using var images = new VariedImages(Placeholder().Write(scratch, "placeholder"), ViewSeed);
        var training = images.Averaged(request.Training, request.GalleryViews, progress, cancel);
        if (request.Validation.Count == 0)
        {
            var fitted = request.CalibrationFrom?.Manifest.StageTwo.Distances is not null ? FeatureDistances.Fit(training) : null;
            return new(training, [], [[]], [], [], fitted);
        }

        var setAside = images.Averaged(request.Validation, request.GalleryViews, null, cancel);
        var distances = UsesDetector && request.FeatureSize > 0 ? FeatureDistances.Fit(training) : null;
        List<ImageOutputs> WithDistances(List<ImageOutputs> outputs) =>
            distances is null ? outputs : outputs.ConvertAll(o => o with { Distances = distances.Of(o.Features) });
        return new(
            training,
            setAside,
            images.WithHardViews(request.Validation, request.CalibrationViews, cancel).ConvertAll(WithDistances),
            UsesDetector ? images.GentleViews(request.Validation, GentleViews, cancel).ConvertAll(WithDistances) : [],
            UsesDetector ? WithDistances(images.Plain(request.Junk, cancel)) : [],
            distances);
    }

    private bool UsesDetector => request.FalseAlarms > 0 && request.Validation.Count >= MinimumToFit;

    private IReadOnlyList<LabeledImage> GoldenSource =>
        new[] { request.Golden, request.Validation, request.Training }.First(images => images.Count > 0);

    private BundleDraft Draft(List<float[]> gallery, List<int> classes, Decision decision)
    {
        var features = request.FeatureSize > 0 ? Network.FeaturesName : null;
        var manifest = new BundleManifest
        {
            Format = decision.Detector is not null ? BundleManifest.WithDetector
                : features is null ? BundleManifest.TwoNetworks : BundleManifest.SharedTrunk,
            Name = request.Name,
            Version = request.Version,
            Created = request.Created,
            License = request.License,
            Description = request.Description,
            StageOne = new()
            {
                EmbeddingSize = request.EmbeddingSize,
                GalleryRows = gallery.Count,
                TopK = BundleDraft.HitsPerImage,
                Features = features,
                FeatureSize = request.FeatureSize,
            },
            StageTwo = StageTwo(features, decision.Distances),
            Preprocessing = new()
            {
                Size = request.InputSize,
                DecodeScale = request.DecodeScale,
                Decoder = ImageDecoders.CheaperFor(request.DecodeScale),
                SixteenBit = request.SixteenBit,
            },
            Fusion = decision.Fusion,
            Thresholds = decision.Thresholds,
            Detector = decision.Detector,
            Quality = Validation is null
                ? request.CalibrationFrom?.Manifest.Quality
                : QualityThresholds.Fit([.. Validation.Answers.Select(a => a.Verdict.Quality)]),
            Metrics = Validation is null ? new Dictionary<string, double>() : BundleFigures.Of("validation", Validation, Detector),
            Data = new Dictionary<string, string>(request.TrainingSummary, StringComparer.Ordinal)
            {
                ["train"] = $"{request.Training.Count:N0} images of {request.Labels.Classes.Count} classes",
                [request.CalibrationFrom is null ? "validation" : "calibration"] = request.CalibrationFrom is { } source
                    ? $"that of {source.Key}, whose networks were trained without its validation images"
                    : $"{request.Validation.Count:N0} images, also in the gallery",
                ["gallery"] = $"{gallery.Count:N0} rows",
            },
        };
        var metaModel = decision.Distances is { } distances ? DistanceGraph.Add(request.StageTwo, distances) : request.StageTwo;
        return new(manifest, Trained(request.Labels), request.StageOne, metaModel, gallery, classes, request.HalfGallery)
        {
            Licenses = [.. request.LicenseFiles.Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))],
        };
    }

    /// <summary>The labels without the marks of classes that an earlier version enrolled: now they are trained on.</summary>
    private static LabelSet Trained(LabelSet labels) =>
        labels with { Classes = [.. labels.Classes.Select(c => c with { Enrolled = false })] };

    private static StageTwoManifest StageTwo(string? features, FeatureDistances? distances) => new()
    {
        Input = features ?? Network.InputName,
        Distances = distances is null ? null : DistanceGraph.OutputName,
        DistanceNames = distances is null ? null : FeatureDistances.Names,
    };

    private Decision Calibrate(Observed seen)
    {
        if (request.CalibrationFrom?.Manifest is { } other)
        {
            return new(other.Fusion) { Thresholds = other.Thresholds, Detector = other.Detector, Distances = seen.Distances };
        }

        if (seen.Validation[0].Count < MinimumToFit)
        {
            return new(DefaultConstants) { Thresholds = request.Thresholds ?? new() };
        }

        var training = GallerySelection.Thin(seen.Training, request.GalleryPerClass);
        var rows = training.ConvertAll(t => t.ClassId).ToArray();
        var gallery = new GalleryHits(training.ConvertAll(t => t.Embedding), rows, BundleDraft.HitsPerImage);
        var found = seen.Validation.ConvertAll(gallery.Find);
        var all = found.SelectMany(f => f).ToArray();
        var fusion = new FusionFit(request.Labels, rows, all).Fit(EvidenceRules.MaxHit).Constants;
        var fitted = Detector = UsesDetector ? FitDetector(seen, found, gallery, new(
            fusion, request.Labels, rows, NamesOf(seen.Distances), seen.Distances is null ? [] : FeatureDistances.ByClass)) : null;
        var known = fitted is null ? null : new KnownScore(fitted.Detector, NamesOf(seen.Distances));
        var measured = new Evaluator(fusion, new(), request.Labels, rows, known).Evaluate("validation", found[0]);
        Validation = measured;
        var thresholds = request.Thresholds
            ?? (request.Accuracy > 0 ? ThresholdChoice.Choose(measured.Answers, request.Accuracy) : new());
        return new(fusion) { Thresholds = thresholds, Detector = fitted?.Detector, Distances = fitted is null ? null : seen.Distances };
    }

    // One in five good views is strongly augmented: images in production come from new scenes, and thresholds for the validation images
    // alone would hold back several times the stated share of them.
    private FittedDetector? FitDetector(Observed seen, List<List<ImageOutputs>> found, GalleryHits gallery, DetectorFit fit)
    {
        var rows = gallery.Classes;
        var removed = found[0].Select(image => Remove(image, rows, seen.Distances)).OfType<ImageOutputs>().ToArray();
        var junk = gallery.Find(seen.Junk);
        var tests = fit.FitTests(found[0], removed, junk);
        if (tests.Count == 0)
        {
            return null;
        }

        var good = found.Take(2).Concat(seen.GentleViews.Select(gallery.Find)).SelectMany(view => view).ToArray();
        var detector = fit.WithThreshold(tests, good, request.FalseAlarms);
        return new(detector, fit.AcceptedShare(detector, removed), fit.AcceptedShare(detector, junk));
    }

    /// <summary>
    /// The image as if neither the gallery nor the class means had its class and a quarter of the others; null if no class is left.
    /// </summary>
    private static ImageOutputs? Remove(ImageOutputs image, IReadOnlyList<int> rows, FeatureDistances? distances)
    {
        bool Removed(int id) => id % RemovedFolds == image.ClassId % RemovedFolds;
        var without = image.Without(rows, Removed);
        return without.Scores.Length == 0 ? null
            : distances is null ? without : without with { Distances = distances.Of(image.Features, Removed) };
    }

    private static IReadOnlyList<string> NamesOf(FeatureDistances? distances) => distances is null ? [] : FeatureDistances.Names;

    /// <summary>Outputs for all images; the validation images as gallery rows and as queries, one list per view.</summary>
    private sealed record Observed(
        List<ImageOutputs> Training,
        List<ImageOutputs> SetAside,
        List<List<ImageOutputs>> Validation,
        List<List<ImageOutputs>> GentleViews,
        List<ImageOutputs> Junk,
        FeatureDistances? Distances);

    private sealed record Decision(FusionConstants Fusion)
    {
        public UnknownThresholds Thresholds { get; init; } = new();

        public UnknownDetector? Detector { get; init; }

        public FeatureDistances? Distances { get; init; }
    }
}
