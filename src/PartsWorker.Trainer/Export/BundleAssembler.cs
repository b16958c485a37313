using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Makes a bundle of two trained graphs. A draft with a blank gallery is run by the worker's own code over all images; from what it says
/// come the gallery, the fusion constants, the figures and the golden outputs of the final bundle.
/// </summary>
internal sealed class BundleAssembler(AssemblyRequest request, IProgress<int>? progress = null)
{
    private const int FewestToFit = 20;
    private const int ViewSeed = 1;
    private static readonly FusionConstants General = new() { T1 = 0.05, Tc = 1, Ts = 1, Wc = 0.3, Ws = 0.3 };

    /// <summary>What was fitted and measured on validation; null before <see cref="Run"/> or without validation images.</summary>
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

    /// <summary>Rows that only fill the graph's place for a gallery, so that the worker's code can run it.</summary>
    private BundleDraft Blank()
    {
        var rows = Enumerable.Range(0, request.TopK).Select(i => Unit(i % request.EmbeddingSize)).ToList();
        return Draft(rows, rows.ConvertAll(_ => 0), General, new());
    }

    private float[] Unit(int axis)
    {
        var row = new float[request.EmbeddingSize];
        row[axis] = 1;
        return row;
    }

    /// <summary>Both shares as gallery rows, and the validation images with their hard views as queries, one list per view.</summary>
    private (List<ImageOutputs> Training, List<ImageOutputs> SetAside, List<List<ImageOutputs>> Validation) Observe(
        string scratch, CancellationToken cancel)
    {
        using var images = new VariedImages(Blank().Write(scratch, "blank"), ViewSeed);
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
        var manifest = new BundleManifest
        {
            Name = request.Name,
            Version = request.Version,
            Created = request.Created,
            License = request.License,
            Description = request.Description,
            StageOne = new() { EmbeddingSize = request.EmbeddingSize, GalleryRows = gallery.Count, TopK = request.TopK },
            StageTwo = new(),
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
                ["validation"] = $"{request.Validation.Count:N0} images, in the gallery too",
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
        if (validation[0].Count < FewestToFit)
        {
            return (General, new());
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
