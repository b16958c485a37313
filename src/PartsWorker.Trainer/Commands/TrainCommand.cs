using System.CommandLine;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer train</c>: trains the embedder, the meta model, or both.</summary>
internal static class TrainCommand
{
    private const int InterruptedExit = 1;

    public static Command Create()
    {
        var options = new TrainCommandOptions();
        var command = new Command(
            "train",
            """
            Trains the embedder (--stage one), the meta model for color and shape (--stage two), or both. Ctrl-C saves the run;
            the same command continues it, with the options that it was started with.
            Example: partstrainer train --data parts --split train --run runs/first --stage both --preset parts
            Presets:
            """ + string.Concat(Presets.All.Select(p => $"\n  {p.Name,-20} {p.Description}")));
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(parsed, options));
        return command;
    }

    private static int Run(ParseResult parsed, TrainCommandOptions options)
    {
        var preset = options.FindPreset(parsed);
        var data = Open(parsed, options);
        var folder = Directory.CreateDirectory(parsed.GetValue(options.Run)!).FullName;
        using var held = RunLock.Acquire(folder);
        var cache = parsed.GetValue(options.Cache) ?? Path.Combine(folder, "cache");
        var run = new StageRun(data, folder, cache, options.FeedThreads(parsed), Console.Out, !Console.IsOutputRedirected);
        using var stop = new StopSignal();

        var plans = Plans(preset, parsed.GetValue(options.Stage)!).Select(p => (p.Stage, Plan: options.Adjust(parsed, p.Plan))).ToArray();
        RequireUsable(plans, folder);
        if (!parsed.GetValue(options.SkipCheck) && !plans.Any(p => File.Exists(StageRun.CheckpointOf(folder, p.Stage)))
            && !TryCheck(data, plans[0].Plan.Options.Network.InputSize, stop.Token))
        {
            return InterruptedExit;
        }

        foreach (var (stage, plan) in plans)
        {
            RequireSizeOfEmbedder(stage, plan.Options, folder);
            var ending = run.Run(stage, WithWeights(plan, folder), stop.Token);
            if (ending == Ending.Interrupted)
            {
                Console.Out.WriteLine($"saved; run the same command to continue from {StageRun.CheckpointOf(folder, stage)}");
                return InterruptedExit;
            }
        }

        return 0;
    }

    // Otherwise a mistake about the meta model is noticed only when the embedder is trained, hours later.
    private static void RequireUsable(IEnumerable<(Stage Stage, StagePlan Plan)> plans, string folder)
    {
        var own = StageRun.CheckpointOf(folder, Stage.One);
        foreach (var (stage, plan) in plans.Where(p => !File.Exists(StageRun.CheckpointOf(folder, p.Stage))))
        {
            RequireSizeOfEmbedder(stage, plan.Options, folder);
            // The meta model may start from the embedder that this run trains first.
            if (StartingWeights.Chosen(plan.Options.Weights) is { } weights
                && !(stage == Stage.Two && Path.GetFullPath(weights) == own))
            {
                WeightFile.Find(weights);
            }
        }
    }

    /// <returns>False when it was interrupted.</returns>
    private static bool TryCheck(DataFolder data, int size, CancellationToken stop)
    {
        try
        {
            DataScan.CheckBeforeTraining(data, size, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            Console.Out.WriteLine("stopped before training began; nothing is saved");
            return false;
        }
    }

    private static DataFolder Open(ParseResult parsed, TrainCommandOptions options)
    {
        var path = parsed.GetValue(options.Data);
        var data = options.Reviews.Open(parsed, path, parsed.GetValue(options.Split), withoutLabels: true);
        if (data.HasLabels)
        {
            return parsed.GetValue(options.ProposeColors)
                ? throw new UserErrorException("--propose-colors: the data already has labels; edit or delete their file first")
                : data;
        }

        var colors = parsed.GetValue(options.ProposeColors) ? new ColorProposal(ImageDecoders.Create(ImageDecoders.ImageSharp)) : null;
        return NewLabels.Write(data, path!, colors, Console.Error);
    }

    // export would refuse the run, after hours of training. A run that is continued keeps its size, so it needs no check.
    private static void RequireSizeOfEmbedder(Stage stage, TrainingOptions options, string folder)
    {
        var stageOne = StageRun.CheckpointOf(folder, Stage.One);
        if (stage == Stage.One || !File.Exists(stageOne) || File.Exists(StageRun.CheckpointOf(folder, stage)))
        {
            return;
        }

        var (embedder, meta) = (Checkpoint.LoadHeader(stageOne).Options.Network.InputSize, options.Network.InputSize);
        if (embedder != meta)
        {
            throw new UserErrorException(
                $"{folder}: the embedder has {embedder} px and the meta model would have {meta} px; add --size {embedder}");
        }
    }

    /// <summary>Starts from the given weights, or else from the embedder of this run if its network is the same.</summary>
    private static StagePlan WithWeights(StagePlan plan, string folder)
    {
        var stageOne = StageRun.CheckpointOf(folder, Stage.One);
        if (plan.Options.Weights is not null || !plan.AfterStageOne || !File.Exists(stageOne))
        {
            return plan;
        }

        var (theirs, ours) = (Checkpoint.LoadHeader(stageOne).Options.Network, plan.Options.Network);
        var same = theirs.Backbone == ours.Backbone && theirs.Width == ours.Width;
        var network = ours with { ImageNetPixels = theirs.ImageNetPixels };
        return same ? plan with { Options = plan.Options with { Weights = stageOne, Network = network } } : plan;
    }

    private static IEnumerable<(Stage Stage, StagePlan Plan)> Plans(Preset preset, string which)
    {
        if (which == "two" && preset.Two is null)
        {
            throw new UserErrorException($"--stage two: preset {preset.Name} trains one network for both; leave --stage out");
        }

        if (which != "two")
        {
            yield return (Stage.One, preset.One);
        }

        if (which != "one" && preset.Two is { } two)
        {
            yield return (Stage.Two, two);
        }
    }
}
