using System.CommandLine;
using System.Diagnostics;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Synthesis.Junk;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer synthesize</c>: renders a synthetic set of industrial parts.</summary>
internal static class SynthesizeCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "Output folder for train/, val/, test/ and the labels; must be new or empty.",
            Required = true,
        };
        var classes = new Option<int>("--classes")
        {
            Description = "Number of classes, 1..122.",
            DefaultValueFactory = _ => PartCatalog.MaxClasses,
        };
        var perClass = new Option<int>("--per-class")
        {
            Description = "Training images per class, 1..100000; val and test get a quarter each.",
            DefaultValueFactory = _ => 40,
        };
        var junk = new Option<int?>("--junk")
        {
            Description = "Instead of parts, write this many images that show no part, evenly of each kind, one folder per kind, "
                + "for evaluate --junk; 1..100000.",
        };
        var only = new Option<string?>("--only") { Description = "Render only one split: train, val or test." };
        only.AcceptOnlyFromAmong(Synthesizer.Splits);
        var seed = new Option<int>("--seed")
        {
            Description = "Random seed; the same seed gives the same images.",
            DefaultValueFactory = _ => 1,
        };
        var size = new Option<int>("--size") { Description = "Side of the images in pixels, 32..1024.", DefaultValueFactory = _ => 160 };
        var threads = new Option<int>("--threads")
        {
            Description = "Rendering threads, 1..256.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command(
            "synthesize",
            """
            Renders a synthetic set of industrial parts: bolts, nuts, rollers, brackets ... in 11 colors and 2 shapes.
            Example: partstrainer synthesize --out parts --per-class 40 --seed 1
            Images that show no part: partstrainer synthesize --junk 320 --out junk
            """)
        {
            output, classes, perClass, only, junk, seed, size, threads,
        };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(junk) is { } count)
            {
                RequireAbsent(parsed, classes, perClass, only, size);
                var set = new JunkSet(
                    Within("--junk", count, 1, 100_000), parsed.GetValue(seed), Within("--threads", parsed.GetValue(threads), 1, 256));
                return Task.FromResult(Write(set, parsed.GetValue(output)!, cancel));
            }

            var plan = new SynthesisPlan
            {
                Classes = Within("--classes", parsed.GetValue(classes), 1, PartCatalog.MaxClasses),
                PerClass = Within("--per-class", parsed.GetValue(perClass), 1, 100_000),
                Only = parsed.GetValue(only),
                Seed = parsed.GetValue(seed),
                Size = Within("--size", parsed.GetValue(size), 32, 1024),
                Threads = Within("--threads", parsed.GetValue(threads), 1, 256),
            };
            return Task.FromResult(Run(plan, parsed.GetValue(output)!, cancel));
        });
        return command;
    }

    private static int Write(JunkSet set, string folder, CancellationToken cancel)
    {
        RequireEmpty(folder);
        var watch = Stopwatch.StartNew();
        using (var progress = new ProgressLine("drawing", set.Count))
        {
            set.Write(folder, progress, cancel);
        }

        Console.WriteLine(
            $"{folder}: {set.Count} images of {Math.Min(set.Count, JunkKind.All.Count)} kinds in {watch.Elapsed.TotalSeconds:0.0} s");
        return 0;
    }

    private static void RequireEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UserErrorException($"{folder}: not empty; choose a new folder, because images are never overwritten");
        }
    }

    private static void RequireAbsent(ParseResult parsed, params Option[] options)
    {
        if (options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
        {
            throw new UserErrorException($"{given.Name} has no effect with --junk; remove it");
        }
    }

    private static int Run(SynthesisPlan plan, string folder, CancellationToken cancel)
    {
        RequireEmpty(folder);
        var synthesizer = new Synthesizer(plan, folder);
        var watch = Stopwatch.StartNew();
        using (var progress = new ProgressLine("rendering", synthesizer.Images))
        {
            synthesizer.Run(progress, cancel);
        }

        Console.WriteLine(
            $"{folder}: {synthesizer.Images} images of {plan.Classes} classes in {watch.Elapsed.TotalSeconds:0.0} s "
                + $"({synthesizer.Images / watch.Elapsed.TotalSeconds:0} images/s)");
        return 0;
    }

    private static int Within(string option, int value, int low, int high) =>
        value >= low && value <= high ? value : throw new UserErrorException($"{option} {value}: must be {low}..{high}");
}
