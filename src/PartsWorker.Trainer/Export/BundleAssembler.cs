using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Builds a bundle from two trained graphs. The worker's own code runs a draft with a placeholder gallery over all images; its outputs give
/// the gallery, the fusion constants, the metrics and the golden outputs of the final bundle.
/// </summary>
internal sealed class BundleAssembler(AssemblyRequest request, IProgress<int>? progress = null)
{
    private const int MinimumToFit = 20;
    private const int ViewSeed = 1;
    private static readonly FusionConstants DefaultConstants = new() { T1 = 0.05, Tc = 1, Ts = 1, Wc = 0.3, Ws = 0.3 };

    /// <summary>Measurements on the validation images; null before <see cref="Run"/> or with too few validation images.</summary>
    public EvaluationResult? Validation { get; private set; }

    public ModelBundle Run(CancellationToken cancel = default)
    {
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            var (training, setAside, validation) = Observe(scratch, cancel);
            var (fusion, thresholds) = Calibrate(training, validation);
            var gallery = GallerySelection.Thin([.. training, .. setAside], request.GalleryPerClass);
            var draft = Draft(gallery.ConvertAll(g => g.Embedding), gallery.ConvertAll(g => g.ClassId), fusion, thresholds);
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
        var rows = Enumerable.Range(0, request.TopK).Select(i => Unit(i % request.EmbeddingSize)).ToList();
        return Draft(rows, rows.ConvertAll(_ => 0), DefaultConstants, new());
    }

    private float[] Unit(int axis)
    {
        var row = new float[request.EmbeddingSize];
        row[axis] = 1;
        return row;
    }

    /// <summary>Training and validation images as gallery rows, and the validation images as queries, one list per view.</summary>
    private (List<ImageOutputs> Training, List<ImageOutputs> SetAside, List<List<ImageOutputs>> Validation) Observe(
        string scratch, CancellationToken cancel)
    {
        using var images = new VariedImages(Placeholder().Write(scratch, "placeholder"), ViewSeed);
        var training = images.Averaged(request.Training, request.GalleryViews, progress, cancel);
        if (request.Validation.Count == 0)
        {
            return (training, [], [[]]);
        }

        var setAside = images.Averaged(request.Validation, request.GalleryViews, null, cancel);
        return (training, setAside, images.WithHardViews(request.Validation, request.CalibrationViews, cancel));
    }

    private IReadOnlyList<LabeledImage> GoldenSource =>
        new[] { request.Golden, request.Validation, request.Training }.First(images => images.Count > 0);

    private BundleDraft Draft(List<float[]> gallery, List<int> classes, FusionConstants fusion, UnknownThresholds thresholds)
    {
        var features = request.FeatureSize > 0 ? Network.FeaturesName : null;
        var manifest = new BundleManifest
        {
            Format = features is null ? BundleManifest.TwoNetworks : BundleManifest.SharedTrunk,
            Name = request.Name,
            Version = request.Version,
            Created = request.Created,
            License = request.License,
            Description = request.Description,
            StageOne = new()
            {
                EmbeddingSize = request.EmbeddingSize,
                GalleryRows = gallery.Count,
                TopK = request.TopK,
                Features = features,
                FeatureSize = request.FeatureSize,
            },
            StageTwo = features is null ? new() : new() { Input = features },
            Preprocessing = new()
            {
                Size = request.InputSize,
                DecodeScale = request.DecodeScale,
                Decoder = ImageDecoders.CheaperFor(request.DecodeScale),
            },
            Fusion = fusion,
            Thresholds = thresholds,
            Metrics = Validation is null ? new Dictionary<string, double>() : BundleFigures.Of("validation", Validation),
            Data = new Dictionary<string, string>(request.TrainingSummary, StringComparer.Ordinal)
            {
                ["train"] = $"{request.Training.Count:N0} images of {request.Labels.Classes.Count} classes",
                ["validation"] = $"{request.Validation.Count:N0} images, also in the gallery",
                ["gallery"] = $"{gallery.Count:N0} rows",
            },
        };
        return new(manifest, request.Labels, request.StageOne, request.StageTwo, gallery, classes, request.HalfGallery)
        {
            Licenses = [.. request.LicenseFiles.Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))],
        };
    }

    private (FusionConstants Fusion, UnknownThresholds Thresholds) Calibrate(
        List<ImageOutputs> training, List<List<ImageOutputs>> validation)
    {
        if (validation[0].Count < MinimumToFit)
        {
            return (DefaultConstants, new());
        }

        training = GallerySelection.Thin(training, request.GalleryPerClass);
        var rows = training.ConvertAll(t => t.ClassId).ToArray();
        var gallery = new GalleryHits(training.ConvertAll(t => t.Embedding), Math.Min(request.TopK, rows.Length));
        var found = validation.ConvertAll(gallery.Find);
        var fitted = new FusionFit(request.Labels, rows, [.. found.SelectMany(f => f)]).FitAll(EvidenceRules.All)[0].Constants;
        var measured = new Evaluator(fitted, new(), request.Labels, rows).Evaluate("validation", found[0]);
        Validation = measured;
        return (fitted, request.Accuracy > 0 ? ThresholdChoice.Choose(measured.Answers, request.Accuracy) : new());
    }
}
