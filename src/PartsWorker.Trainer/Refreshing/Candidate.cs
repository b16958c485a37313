using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// The bundle of a refresh: exported into the run folder to be measured, and written again with its figures if it is proposed.
/// </summary>
internal static class Candidate
{
    private const string Folder = "candidate";
    private const string Licenses = "licenses/";

    /// <summary>
    /// Exports the trained networks like the serving bundle: the same input size, storage, gallery size, thresholds and license.
    /// </summary>
    public static ModelBundle Export(RefreshRequest request, ServingNetwork network, CancellationToken stop)
    {
        var root = Path.Combine(request.RunFolder, Folder);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        var (serving, data) = (request.Serving, request.Data);
        var run = TrainedRun.Open(request.RunFolder, serving.Manifest.Preprocessing.Size);
        var (training, validation) = run.Split(new(request.RunFolder, data.Labels, data.Training), cacheFolder: null, share: null);
        var (stageOne, stageTwo) = run.ToOnnx(network.Storage, network.Mirrored);
        // A bundle without a detector stays without one: its users get a class for every image.
        var falseAlarms = serving.Manifest.Detector?.FalseAlarms ?? 0;
        using var drawn = falseAlarms > 0 && request.Junk is null ? new JunkImages(folder: null) : null;
        using var progress = new ProgressLine("embedding", data.Training.Count);
        return new BundleAssembler(
            new()
            {
                ModelsRoot = root,
                Name = serving.Name,
                Version = request.Version,
                StageOne = stageOne,
                StageTwo = stageTwo,
                EmbeddingSize = run.EmbeddingSize,
                FeatureSize = run.FeatureSize,
                InputSize = run.InputSize,
                SixteenBit = run.SixteenBit,
                DecodeScale = serving.Manifest.Preprocessing.DecodeScale,
                Labels = data.Labels,
                Training = training,
                Validation = validation,
                License = serving.Manifest.License,
                LicenseFiles = LicensesOf(serving),
                Description = serving.Manifest.Description,
                TrainingSummary = Summary(run, data),
                GalleryPerClass = serving.GalleryClasses.CountBy(id => id).Max(c => c.Value),
                HalfGallery = BundleDraft.From(serving).HalfGallery,
                Int8 = serving.Precisions.Contains(Precision.Int8) ? new() : null,
                Fp16 = serving.Precisions.Contains(Precision.Fp16),
                Thresholds = serving.Manifest.Thresholds,
                FalseAlarms = falseAlarms,
                Junk = request.Junk ?? drawn?.Images ?? [],
            },
            progress).Run(stop);
    }

    /// <summary>Writes the candidate with the verdict and its figures.</summary>
    public static ModelBundle Publish(
        ModelBundle candidate, string modelsRoot, RefreshVerdict verdict, PairedComparison recent, PairedComparison frozen)
    {
        var draft = BundleDraft.From(candidate);
        var metrics = new Dictionary<string, double>(draft.Manifest.Metrics, StringComparer.Ordinal);
        foreach (var (name, value) in RefreshFigures.Of("recent", recent).Concat(RefreshFigures.Of("frozen", frozen)))
        {
            metrics[name] = value;
        }

        var data = new Dictionary<string, string>(draft.Manifest.Data, StringComparer.Ordinal) { ["verdict"] = verdict.Reason };
        draft = draft with { Manifest = draft.Manifest with { Metrics = metrics, Data = data } };
        return draft.Write(modelsRoot, candidate.Version, Golden(candidate));
    }

    private static string[] LicensesOf(ModelBundle bundle) =>
        [.. bundle.Manifest.Files.Keys.Where(f => f.StartsWith(Licenses, StringComparison.Ordinal)).Select(bundle.PathOf)];

    private static Dictionary<string, string> Summary(TrainedRun run, RefreshData data)
    {
        var summary = run.Summary();
        summary["refreshed from"] = data.Serving;
        summary["reviews"] = $"{data.TrainingReviews:N0} images in training, {data.Recent.Count:N0} recent ones held out";
        if (data.NewClasses.Count > 0)
        {
            summary["new classes"] = string.Join(", ", data.NewClasses);
        }

        return summary;
    }

    // Networks, gallery and fusion are unchanged, so the recorded outputs still hold.
    private static RecordedGolden Golden(ModelBundle candidate)
    {
        var set = candidate.ReadGolden();
        var names = set.Images.SelectMany(g => new[] { g.File, g.Letterboxed });
        return new(
            set,
            [.. names.Select(n => (n, File.ReadAllBytes(candidate.PathOf($"golden/{n}"))))],
            candidate.Precisions.Where(other => other != Precision.Fp32).ToDictionary(other => other, candidate.ReadGolden));
    }
}
