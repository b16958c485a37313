using System.CommandLine;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer average</c>: averages the weights of several runs.</summary>
internal static class AverageCommand
{
    private static readonly Option<string[]> Runs = new("--run")
    {
        Description = "Folder of a complete run; give two or more.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder of the new run, which export reads like any other.",
        Required = true,
    };

    private static readonly Option<string> Data = new("--data") { Description = "Data that the runs were trained on.", Required = true };

    private static readonly Option<string?> Split = new("--split") { Description = "Subfolder of --data, the same as for train." };

    private static readonly Option<string?> Cache = new("--cache")
    {
        Description = "Folder for decoded images; default: cache in the folder of --out.",
    };

    private static readonly Option<int> Threads = new("--threads") { Description = "Threads; 0 = all cores." };

    public static Command Create()
    {
        var command = new Command(
            "average",
            """
            Averages the weights of several runs and measures the runs and their average on the validation images. The average
            is often more accurate than each run and costs no more to serve. The runs must start from the same trained weights
            and set the same images aside: train them with the same --weights and --validation-seed and with another --seed each.
            Example: partstrainer average --run runs/b1 runs/b2 runs/b3 --out runs/average --data parts --split train
            """)
        {
            Runs, Out, Data, Split, Cache, Threads,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(parsed, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var runs = parsed.GetValue(Runs)!;
        var stages = Enum.GetValues<Stage>()
            .Select(stage => (Stage: stage, Saved: RunAverage.Load(runs, stage)))
            .Where(s => s.Saved.Count > 0)
            .ToArray();
        var data = DataFolder.Open(parsed.GetValue(Data)!, parsed.GetValue(Split));
        var (trained, given) = (stages[0].Saved[0].Options.Network.Classes, data.Labels.Classes.Count);
        if (trained != given)
        {
            throw new UserErrorException(
                $"{runs[0]}: the run has {trained} classes, but {data.Path} has {given}; give the data of the runs");
        }

        var folder = Directory.CreateDirectory(parsed.GetValue(Out)!).FullName;
        using var held = RunLock.Acquire(folder);
        var run = new StageRun(data, folder, parsed.GetValue(Cache) ?? Path.Combine(folder, "cache"), 1, Console.Out, false);
        foreach (var (stage, saved) in stages)
        {
            var path = StageRun.CheckpointOf(folder, stage);
            if (File.Exists(path))
            {
                throw new UserErrorException($"{path} already exists; choose another --out");
            }

            RunAverage.Write(path, saved);
            Print(runs, path, run.Measure([.. saved, Checkpoint.LoadWeights(path)], parsed.GetValue(Threads), cancel));
        }

        return 0;
    }

    private static void Print(string[] runs, string path, IReadOnlyList<Validation> measured)
    {
        foreach (var (run, result) in runs.Append("average").Zip(measured))
        {
            Console.WriteLine(
                $"{run,-30} validation loss {result.Loss:0.0000}, accuracy {result.Accuracy:P1}, shape {result.ShapeAccuracy:P1}");
        }

        Console.WriteLine($"wrote {path}");
    }
}
