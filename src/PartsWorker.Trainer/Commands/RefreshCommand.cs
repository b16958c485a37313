using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer refresh</c>: fine-tunes the serving bundle on reviews and proposes the result if it is better.</summary>
internal static class RefreshCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        var options = new RefreshCommandOptions();
        var command = new Command(
            "refresh",
            """
            Fine-tunes the serving bundle on its base data and on reviews, compares the result with it on recent reviews that were held out
            and on a frozen test set, and writes a new version if it is better. Exit code 1 and no new version if it is not.
            Ctrl-C saves the run; the same command continues it.
            Example: partstrainer refresh --bundle models/parts/7 --data parts --split train --from-reviews
              --frozen parts --frozen-split test --run runs/week-8 --version-name 8
            """);
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(parsed, options));
        return command;
    }

    private static int Run(ParseResult parsed, RefreshCommandOptions options)
    {
        options.RequireValid(parsed);
        var serving = ModelBundle.Open(parsed.GetValue(options.Bundle)!);
        var (root, version) = (parsed.GetValue(options.Out)!, parsed.GetValue(options.Version)!);
        RefuseExisting(Path.Combine(root, serving.Name, version));
        BundleWriter.RequireNew(root, serving.Name, version);
        var junk = parsed.GetValue(options.Junk) is { } images ? JunkFolder.Open(images) : null;
        if (junk is not null && serving.Manifest.Detector is null)
        {
            throw new UserErrorException($"{options.Junk.Name}: {serving.Key} has no unknown detector; partstrainer calibrate adds one");
        }

        var folder = Directory.CreateDirectory(parsed.GetValue(options.Run)!).FullName;
        using var held = RunLock.Acquire(folder);
        var request = new RefreshRequest
        {
            Serving = serving,
            Data = Continue(folder, serving) ?? Gather(parsed, options, serving, folder),
            RunFolder = folder,
            ModelsRoot = root,
            Version = version,
            Junk = junk,
            Schedule = options.Schedule(parsed),
            Margin = parsed.GetValue(options.Margin),
            Keep = parsed.GetValue(options.Keep),
        };
        return Run(request, parsed.GetValue(options.Json));
    }

    private static int Run(RefreshRequest request, bool json)
    {
        using var stop = new StopSignal();
        try
        {
            return new Refresher(request, Console.Error).Run(stop.Token) is { } result
                ? Report(result, json, Console.Out, Console.Error)
                : Interrupted(request);
        }
        catch (OperationCanceledException)
        {
            return Interrupted(request);
        }
    }

    /// <summary>Prints the result; returns the exit code.</summary>
    public static int Report(RefreshResult result, bool json, TextWriter output, TextWriter error)
    {
        if (json)
        {
            output.WriteLine(result.ToJson());
        }
        else
        {
            RefreshTable.Print(result, output);
        }

        if (!result.Better)
        {
            error.WriteLine($"partstrainer: {result.Reason}; {(result.Bundle is { } kept ? $"kept as {kept}" : "no version was written")}");
            return Failed;
        }

        if (!json)
        {
            output.WriteLine(result.Reason);
            RefreshTable.PrintNext(result, output);
        }

        return 0;
    }

    private static int Interrupted(RefreshRequest request)
    {
        Console.Error.WriteLine($"saved; run the same command to continue from {request.RunFolder}");
        return Failed;
    }

    private static void RefuseExisting(string bundle)
    {
        if (Directory.Exists(bundle))
        {
            throw new UserErrorException(
                $"{bundle}: this version exists already, and a bundle is never changed; choose a new --version-name");
        }
    }

    private static RefreshData? Continue(string folder, ModelBundle serving)
    {
        var data = RefreshData.Load(folder, serving.Key);
        if (data is not null)
        {
            Console.Error.WriteLine(
                $"continuing with the images that the run was started with: {data.Training.Count} for training, "
                    + $"{data.Recent.Count} recent reviews, {data.Frozen.Count} frozen");
        }

        return data;
    }

    private static RefreshData Gather(ParseResult parsed, RefreshCommandOptions options, ModelBundle serving, string folder)
    {
        var given = DataFolder.Open(parsed.GetValue(options.Data)!, parsed.GetValue(options.Split), everyClass: false);
        var frozen = DataFolder.Open(parsed.GetValue(options.Frozen)!, parsed.GetValue(options.FrozenSplit), everyClass: false);
        var recentFrom = parsed.GetResult(options.RecentFrom) is { Implicit: false }
            ? parsed.GetValue(options.RecentFrom)
            : serving.Manifest.Created;
        var reviews = options.Reviews.Read(parsed);
        var data = new RefreshDataBuilder(serving, recentFrom, parsed.GetValue(options.HoldOut)).Build(given, reviews, frozen);
        data.Save(folder);
        Console.Error.WriteLine(
            $"{data.Training.Count} training images, {data.TrainingReviews} of them reviewed; "
                + $"{data.Recent.Count} recent reviews held out; "
                + $"{data.Frozen.Count} of {frozen.Images.Count} frozen images are of known classes; "
                + $"{data.NewClasses.Count} new class(es)");
        return data;
    }
}
