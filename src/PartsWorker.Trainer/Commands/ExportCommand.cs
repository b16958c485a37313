using System.CommandLine;
using System.CommandLine.Parsing;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer export</c>: writes a bundle for the worker from the trained networks of a run.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var options = new ExportCommandOptions();
        var command = new Command(
            "export",
            """
            Writes a bundle from a trained run: networks, gallery, fusion constants, golden outputs, model card.
            Example: partstrainer export --run runs/first --data parts --split train --name parts --version-name 1 --half
            For benchmarks: partstrainer export --random tiny --out models
            """);
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

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
            {
                given.AddError($"option '{option.Name}' is required (except with --random, which writes an untrained bundle)");
            }
            else if (random && given.GetResult(option) is not null)
            {
                given.AddError($"option '{option.Name}' cannot be used with --random, which takes only --out and --seed");
            }
        }
    }

    private static int Run(ParseResult parsed, ExportCommandOptions options, CancellationToken cancel)
    {
        options.RequireInRange(parsed);
        BundleWriter.RequireNew(parsed.GetValue(options.Out)!, parsed.GetValue(options.Name)!, parsed.GetValue(options.Version)!);
        var run = TrainedRun.Open(parsed.GetValue(options.Run)!, Size(parsed.GetValue(options.Size)));
        var data = options.Reviews.Open(parsed, parsed.GetValue(options.Data)!, parsed.GetValue(options.Split));
        var (training, validation) = run.Split(data, parsed.GetValue(options.Cache), parsed.GetValue(options.Validation));
        var storage = options.Storage(parsed);
        var (stageOne, stageTwo) = run.ToOnnx(storage, parsed.GetValue(options.Mirrored));
        var falseAlarms = FalseAlarms(parsed.GetValue(options.FalseAlarms));
        var calibration = Calibration(parsed.GetValue(options.CalibrationFrom), data.Labels, run);
        using var junk = falseAlarms > 0 && calibration is null ? new JunkImages(parsed.GetValue(options.Junk)) : null;
        var request = new AssemblyRequest
        {
            ModelsRoot = parsed.GetValue(options.Out)!,
            Name = parsed.GetValue(options.Name)!,
            Version = parsed.GetValue(options.Version)!,
            StageOne = stageOne,
            StageTwo = stageTwo,
            EmbeddingSize = run.EmbeddingSize,
            FeatureSize = run.FeatureSize,
            InputSize = run.InputSize,
            SixteenBit = run.SixteenBit,
            DecodeScale = parsed.GetValue(options.DecodeScale),
            Labels = data.Labels,
            Training = calibration is null ? training : [.. training, .. validation],
            Validation = calibration is null ? validation : [],
            CalibrationFrom = calibration,
            License = parsed.GetValue(options.License)!,
            LicenseFiles = LicenseFiles(parsed.GetValue(options.LicenseFiles) ?? []),
            Description = parsed.GetValue(options.Description),
            TrainingSummary = run.Summary(),
            GalleryPerClass = parsed.GetValue(options.GalleryPerClass),
            GalleryViews = parsed.GetValue(options.GalleryViews),
            CalibrationViews = parsed.GetValue(options.CalibrationViews),
            GoldenImages = parsed.GetValue(options.Golden),
            Golden = Golden(parsed.GetValue(options.GoldenData), data.Labels),
            HalfGallery = storage != WeightStorage.Fp32,
            Accuracy = parsed.GetValue(options.Accuracy),
            FalseAlarms = falseAlarms,
            Junk = junk?.Images ?? [],
            Int8 = parsed.GetValue(options.Int8) ? options.OfInt8.Read(parsed) : null,
            Fp16 = parsed.GetValue(options.Fp16),
            Int8Progress = new StandardErrorLines(),
        };
        return Write(request, data, cancel);
    }

    private static ModelBundle? Calibration(string? folder, LabelSet labels, TrainedRun run) =>
        folder is null ? null : CalibrationSource.Open(folder, labels, run);

    private static int? Size(int? size) => size is null or (>= InputSizes.Smallest and <= InputSizes.Largest)
        ? size
        : throw new UserErrorException($"--size {size}: must be {InputSizes.Smallest}..{InputSizes.Largest} pixels, such as 192");

    private static double FalseAlarms(double share) => share is >= 0 and <= 0.5
        ? share
        : throw new UserErrorException($"--false-alarms {share}: must be 0..0.5, such as 0.02 for 2 % of good images");

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
            var files = new DirectoryInfo(made.Directory).EnumerateFiles("*", SearchOption.AllDirectories);
            var megabytes = files.Sum(f => f.Length) / 1e6;
            Console.WriteLine(
                $"{made.Directory}: {made.Key}, {made.GalleryClasses.Length} gallery rows, {megabytes:0.0} MB, "
                    + $"fusion {made.Manifest.Fusion.Rule}");
            Console.WriteLine($"{GalleryFolder.Note}: {made.Manifest.Data.GetValueOrDefault(GalleryFolder.Note, "none")}");
        }

        if (request.CalibrationFrom is { } source)
        {
            Console.WriteLine($"fusion constants, thresholds and unknown detector: those of {source.Key}");
        }

        Int8Table.Print(assembler.Int8, Console.Out);
        if (assembler.Detector is { } fitted)
        {
            var (detector, removed, junk) = fitted;
            Console.WriteLine(
                $"unknown below a known score of {detector.Threshold}: {detector.FalseAlarms:P0} of good validation views; "
                    + $"accepts {removed:P1} of removed classes and {junk:P1} of images without a part");
        }

        if (assembler.Validation is { } result)
        {
            EvaluationTable.Print(result, request.Labels, perClass: false);
        }

        return 0;
    }
}
