using System.CommandLine;
using System.CommandLine.Parsing;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer export</c>: the trained stages of a run become a bundle that the worker serves.</summary>
internal static class ExportCommand
{
    private static readonly string[] Stages = ["one", "two"];

    public static Command Create()
    {
        var options = new ExportCommandOptions();
        var command = new Command("export", "Writes a bundle of a trained run: gallery, fitted fusion, golden outputs, model card.\nExample: partstrainer export --run runs/first --data parts --split train --name parts --version-name 1 --half\nFor benchmarks: partstrainer export --random tiny --out models");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(parsed.GetValue(options.Random) is { } pair
            ? ExportRandom.Run(pair, parsed.GetValue(options.Seed), parsed.GetValue(options.Out)!, cancel)
            : Run(parsed, options, cancel)));
        command.Validators.Add(result => Require(result, options));
        return command;
    }

    private static void Require(CommandResult given, ExportCommandOptions options)
    {
        var random = given.GetResult(options.Random) is not null;
        foreach (var option in options.OfRun)
        {
            if (!random && given.GetResult(option) is null)
                given.AddError($"option '{option.Name}' is required, unless --random writes an untrained bundle");
            else if (random && given.GetResult(option) is not null)
                given.AddError($"option '{option.Name}' belongs to the export of a run; --random takes --out and --seed only");
        }
    }

    private static int Run(ParseResult parsed, ExportCommandOptions options, CancellationToken cancel)
    {
        var run = parsed.GetValue(options.Run)!;
        var (one, two) = (Load(run, "one"), Load(run, "two"));
        if (one.Network.InputSize != two.Network.InputSize)
            throw new UserErrorException($"{run}: stage one sees {one.Network.InputSize} px and stage two {two.Network.InputSize} px; a bundle has one input size, train them alike with --size");
        var data = options.Reviews.Open(parsed, parsed.GetValue(options.Data)!, parsed.GetValue(options.Split));
        if (data.Labels.Classes.Count != one.Network.Classes)
            throw new UserErrorException($"{run}: was trained on {one.Network.Classes} classes, {data.Path} has {data.Labels.Classes.Count}");
        var (training, validation) = Split(data, run, parsed.GetValue(options.Cache), parsed.GetValue(options.Validation), one);
        var (half, mirrored) = (parsed.GetValue(options.Half), parsed.GetValue(options.Mirrored));
        var request = new AssemblyRequest
        {
            ModelsRoot = parsed.GetValue(options.Out)!,
            Name = parsed.GetValue(options.Name)!,
            Version = parsed.GetValue(options.Version)!,
            StageOne = one.ToOnnx(half, mirrored),
            StageTwo = two.ToOnnx(half, mirrored),
            EmbeddingSize = one.Network.Embedding,
            InputSize = one.Network.InputSize,
            Labels = data.Labels,
            Training = training,
            Validation = validation,
            License = parsed.GetValue(options.License)!,
            LicenseFiles = LicenseFiles(parsed.GetValue(options.LicenseFiles) ?? []),
            Description = parsed.GetValue(options.Description),
            TrainingSummary = Summary(run),
            GalleryPerClass = parsed.GetValue(options.GalleryPerClass),
            GalleryViews = parsed.GetValue(options.GalleryViews),
            CalibrationViews = parsed.GetValue(options.CalibrationViews),
            GoldenImages = parsed.GetValue(options.Golden),
            Golden = Golden(parsed.GetValue(options.GoldenData), data.Labels),
            HalfGallery = half,
            Accuracy = parsed.GetValue(options.Accuracy),
        };
        return Write(request, data, cancel);
    }

    private static string[] LicenseFiles(string[] files) => files.FirstOrDefault(f => !File.Exists(f)) is { } missing
        ? throw new UserErrorException($"--license-file {missing}: no such file")
        : files;

    private static IReadOnlyList<LabeledImage> Golden(string? folder, LabelSet labels) =>
        folder is null ? [] : BundleClasses.Match(labels, "the run", DataFolder.Open(folder, everyClass: false)).Images;

    private static int Write(AssemblyRequest request, DataFolder data, CancellationToken cancel)
    {
        BundleAssembler assembler;
        using (var progress = new ProgressLine("embedding", data.Images.Count))
        {
            assembler = new(request, progress);
            var made = assembler.Run(cancel);
            var megabytes = Directory.EnumerateFiles(made.Directory).Sum(f => new FileInfo(f).Length) / 1e6;
            Console.WriteLine($"{made.Directory}: {made.Key}, {made.GalleryClasses.Length} gallery rows, {megabytes:0.0} MB, fusion {made.Manifest.Fusion.Rule}");
        }

        if (assembler.Validation is { } result)
            EvaluationTable.Print(result, request.Labels, perClass: false);
        return 0;
    }

    private static TrainedStage Load(string run, string stage)
    {
        var path = StageRun.CheckpointOf(run, stage);
        return File.Exists(path) ? TrainedStage.Load(path) : throw new UserErrorException($"{path}: not there; train stage {stage} first, with --run {run}");
    }

    /// <summary>The same images set aside as in training: the split depends on images, share and seed only.</summary>
    private static (IReadOnlyList<LabeledImage> Training, IReadOnlyList<LabeledImage> Validation) Split(DataFolder data, string run, string? cacheFolder, double share, TrainedStage one)
    {
        using var cache = new PixelCacheBuilder(data, cacheFolder ?? Path.Combine(run, "cache"), ValidationSplit.Side, ImageDecoders.Create()).Build();
        var split = ValidationSplit.Create(cache, share, Checkpoint.Load(StageRun.CheckpointOf(run, "one")).Options.Seed);
        LabeledImage[] Of(int[] numbers) => [.. numbers.Select(i => new LabeledImage(cache.PathOf(i), cache.ClassId(i)))];
        return (Of(split.Train), Of(split.Validation));
    }

    private static Dictionary<string, string> Summary(string run) => Stages.ToDictionary(stage => $"stage {stage}", stage =>
    {
        var saved = Checkpoint.Load(StageRun.CheckpointOf(run, stage));
        var network = saved.Options.Network;
        return $"{network.Backbone} x{network.Width:0.###} at {network.InputSize} px, {saved.Progress.Step} steps of {saved.Options.BatchSize}, seed {saved.Options.Seed}, {saved.Progress.Seconds / 60:0.0} minutes";
    });
}
