using System.CommandLine;
using System.Runtime.InteropServices;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer train</c>: from a folder of images to trained stages.</summary>
internal static class TrainCommand
{
    private const int InterruptedExit = 1;

    public static Command Create()
    {
        var options = new TrainCommandOptions();
        var command = new Command(
            "train",
            """
            Trains stage one (embedder), stage two (color and shape) or both; a run that was stopped continues where it was.
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
        var data = options.Reviews.Open(parsed, parsed.GetValue(options.Data), parsed.GetValue(options.Split));
        var folder = Directory.CreateDirectory(parsed.GetValue(options.Run)!).FullName;
        var run = new StageRun(data, folder, parsed.GetValue(options.Cache) ?? Path.Combine(folder, "cache"), parsed.GetValue(options.Validation), parsed.GetValue(options.AugmentationThreads));
        using var stop = new CancellationTokenSource();
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);

        foreach (var (stage, plan) in Stages(parsed.GetValue(options.Stage)!, preset))
        {
            var adjusted = options.Adjust(parsed, plan);
            var start = Start(parsed.GetValue(stage == "one" ? options.Weights : options.MetaWeights), adjusted, folder) is { } weights ? Fit(weights, adjusted, data) : null;
            var ending = run.Run(stage, adjusted, start, Console.Out, !Console.IsOutputRedirected, stop.Token);
            if (ending == Ending.Interrupted)
            {
                Console.Out.WriteLine($"saved; the same command continues from {StageRun.CheckpointOf(folder, stage)}");
                return InterruptedExit;
            }
        }

        return 0;
    }

    /// <summary>The file to begin with: the one asked for, or stage one of this run where its network is the same.</summary>
    private static string? Start(string? asked, StagePlan plan, string folder)
    {
        var stageOne = StageRun.CheckpointOf(folder, "one");
        if (asked is not null || !plan.AfterStageOne || !File.Exists(stageOne))
        {
            return asked;
        }

        var (theirs, ours) = (Checkpoint.Load(stageOne).Options.Network, plan.Options.Network);
        return theirs.Backbone == ours.Backbone && theirs.Width == ours.Width ? stageOne : null;
    }

    private static IEnumerable<(string Name, StagePlan Plan)> Stages(string which, Preset preset) => which switch
    {
        "one" => [("one", preset.One)],
        "two" => [("two", preset.Two)],
        "both" => [("one", preset.One), ("two", preset.Two)],
        _ => throw new UserErrorException($"--stage {which}: must be one, two or both"),
    };

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        // The step in hand is finished and saved before the process ends.
        context.Cancel = true;
        stop.Cancel();
    });

    private static Dictionary<string, float[]> Fit(string weights, StagePlan plan, DataFolder data)
    {
        var network = plan.Options.Network with { Classes = data.Labels.Classes.Count, Colors = data.Labels.Colors.Count, Shapes = data.Labels.Shapes.Count };
        var graph = TrainingGraph.Build(network, plan.Options.Loss, 2, new ConvolutionPlan());
        return WeightFile.Fit(weights, graph.Parameters, graph.Statistics);
    }
}
