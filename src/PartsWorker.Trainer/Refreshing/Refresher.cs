using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// Fine-tunes the serving bundle on its base data and the reviews, compares the result with it on images that neither was trained on, and
/// writes it as a new version if it is better.
/// </summary>
/// <param name="request">What to refresh.</param>
/// <param name="log">Receives progress lines.</param>
internal sealed class Refresher(RefreshRequest request, TextWriter log)
{
    /// <returns>The result; null if the training was interrupted and saved.</returns>
    public RefreshResult? Run(CancellationToken stop)
    {
        var networks = ServingNetwork.ReadAll(request.Serving);
        if (!Train(networks, stop))
        {
            return null;
        }

        var candidate = Candidate.Export(request, networks[0], stop);
        var recent = Compare(candidate, request.Data.Recent, "recent reviews", stop);
        var frozen = Compare(candidate, request.Data.Frozen, "frozen set", stop);
        var verdict = RefreshVerdict.Decide(recent, frozen, request.Data.NewClasses.Count, request.Margin);
        var written = verdict.Better || request.Keep
            ? Candidate.Publish(candidate, request.ModelsRoot, verdict, recent, frozen)
            : null;
        return new()
        {
            Serving = request.Serving.Key,
            Candidate = candidate.Key,
            Better = verdict.Better,
            Reason = verdict.Reason,
            Bundle = written?.Directory,
            NewClasses = request.Data.NewClasses,
            TrainingImages = request.Data.Training.Count,
            TrainingReviews = request.Data.TrainingReviews,
            Recent = recent,
            Frozen = frozen,
        };
    }

    /// <summary>Trains one network after the other; false if it was interrupted.</summary>
    private bool Train(IReadOnlyList<ServingNetwork> networks, CancellationToken stop)
    {
        var (folder, data) = (request.RunFolder, request.Data);
        var sixteenBit = request.Serving.Manifest.Preprocessing.SixteenBit;
        var run = new StageRun(
            new("the base data and reviews", data.Labels, data.Training), folder, Path.Combine(folder, "cache"), 1, log, Terminal: false);
        for (var i = 0; i < networks.Count; i++)
        {
            var stage = i == 0 ? Stage.One : Stage.Two;
            var weights = Path.Combine(folder, $"start-{stage}.safetensors".ToLowerInvariant());
            var plan = request.Schedule.PlanFor(networks[i].Spec, weights, data.Training.Count, sixteenBit);
            if (!File.Exists(StageRun.CheckpointOf(folder, stage)))
            {
                WriteStart(weights, networks[i], plan.Options, stop);
            }

            if (run.Run(stage, plan, stop) == Ending.Interrupted)
            {
                return false;
            }
        }

        return true;
    }

    private void WriteStart(string path, ServingNetwork serving, TrainingOptions options, CancellationToken stop)
    {
        var labels = request.Data.Labels;
        var network = options.Network with { Classes = labels.Classes.Count, Colors = labels.Colors.Count, Shapes = labels.Shapes.Count };
        var centers = network.Head == HeadKind.Meta ? [] : ClassCenters.Of(request.Serving, request.Data, stop);
        StartWeights.Write(path, serving, network, options.Loss, centers);
    }

    private PairedComparison Compare(ModelBundle candidate, IReadOnlyList<LabeledImage> images, string set, CancellationToken stop) =>
        PairedComparison.Of(
            Classify(request.Serving, images, set, stop),
            Classify(candidate, images, set, stop),
            [.. request.Data.Labels.Classes.Select(c => c.Name)]);

    private static List<ClassifiedImage> Classify(
        ModelBundle bundle, IReadOnlyList<LabeledImage> images, string set, CancellationToken stop)
    {
        using var runner = new BundleRunner(bundle);
        using var progress = new ProgressLine($"{bundle.Key} on the {set}", images.Count);
        var skipped = new List<SkippedImage>();
        var outputs = runner.Run(images, skipped, progress, cancel: stop);
        SkippedLines.Print(skipped);
        return outputs.Count > 0 ? outputs.ConvertAll(new Evaluator(bundle).Classify) : throw new UserErrorException(
            $"could not read any of the {images.Count} images of the {set}", exitCode: 1);
    }
}
