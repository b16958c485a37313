using System.CommandLine;
using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Costs;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Pipeline;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench costs</c>: measures the cost table that <c>partsbench plan</c> computes from.</summary>
internal static class CostsCommand
{
    private const string Help = """
        Measures on this machine what an image costs in worker, broker and database: by size of the picture, by model, by number of workers,
        by length of the queue and by size of the tables. Then it predicts five whole runs, measures them, and states the error. Writes
        costs.json, one SVG per curve and costs.md, and prints costs.md. Takes about a quarter of an hour; --quick takes about a minute.
        Broker and database must run on this machine, because their processor time is read from /proc. `deploy/bench.sh costs` does all of
        it on private services and replaces deploy/sizing.

        Example: partsbench costs --bundle real=models/real-parts/2.7.0 --images /tmp/cost-images --out /tmp/sizing
        """;

    private static readonly Option<string[]> Bundle = new("--bundle") { Description = "NAME=FOLDER; may be repeated, cheapest first." };

    private static readonly Option<string?> Images = new("--images")
    {
        Description = "Folder for the synthetic pictures, kept for the next run.",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Folder for costs.json, costs.md and the plots. Default: deploy/sizing.",
    };

    private static readonly Option<string?> Note = new("--note") { Description = "What else ran on the machine; goes into the table." };
    private static readonly Option<bool> Quick = new("--quick") { Description = "Short runs, for tests: the figures mean nothing." };
    private static readonly Option<bool> LongBacklog = new("--long-backlog") { Description = "Also a backlog of 1,000,000 messages." };

    private static readonly Option<bool> LargeTable = new("--large-table")
    {
        Description = "Also tables of 10,000,000 rows: some 10 GB, much longer.",
    };

    private static readonly Option<bool> Redraw = new("--redraw")
    {
        Description = "Measure nothing; write costs.md and the plots again from costs.json.",
    };

    public static Command Create(Settings settings)
    {
        var command = new Command("costs", Help) { Bundle, Images, Out, Note, Quick, LongBacklog, LargeTable, Redraw };
        command.SetAction(async (given, cancellation) =>
        {
            var folder = Folder(given.GetValue(Out), given.GetValue(Quick));
            if (!given.GetValue(Redraw))
            {
                var configuration = settings.Load();
                var run = new CostRun(Plan(given, settings, configuration), configuration, TimeProvider.System);
                CostFile.Write(CostFile.In(folder), await run.RunAsync(given.GetValue(Note), cancellation));
            }

            var table = CostFile.Read(CostFile.In(folder));
            CostPlots.Write(table, folder);
            Console.Write(CostDocument.Write(table, folder));
            return 0;
        });
        return command;
    }

    private static CostPlan Plan(ParseResult given, Settings settings, IConfiguration configuration)
    {
        // The last step measures with this script; better to know it now.
        PlanOptions.InRepository("deploy/sql-scale.sh", "run partsbench costs there");
        var bundles = Required(Bundle.Name, given.GetValue(Bundle) is { Length: > 0 } some ? some : null).Select(Pair).ToArray();
        var images = RunOptions.Folder(Images.Name, Required(Images.Name, given.GetValue(Images)));
        return new()
        {
            Bundles = bundles,
            Images = images,
            Quick = given.GetValue(Quick),
            LongBacklog = given.GetValue(LongBacklog),
            LargeTable = given.GetValue(LargeTable),
            Inference = SharedLimits.Inference(configuration),
            Limits = SharedLimits.Decoding(configuration),
            Decoder = BenchSettings.Decoder(configuration),
            Reading = BenchSettings.Images(configuration, images),
            Loaders = CommandOptions.Read<PipelineOptions>(configuration, PipelineOptions.Section).Loaders,
            Overrides = settings.Overrides,
            Report = Progress(),
        };
    }

    private static T Required<T>(string option, T? value)
        where T : class => value ?? throw new UserErrorException($"{option} is missing; see partsbench costs --help");

    private static KeyValuePair<string, string> Pair(string text)
    {
        var parts = text.Split('=', 2);
        return parts is [{ Length: > 0 } name, { Length: > 0 } folder]
            ? new(name, Path.GetFullPath(folder))
            : throw new UserErrorException($"--bundle {text}: must be NAME=FOLDER, such as real=models/real-parts/2.7.0");
    }

    private static string Folder(string? given, bool quick) =>
        given is not null ? RunOptions.Folder(Out.Name, given)
        : quick ? throw new UserErrorException("--quick needs --out FOLDER: its figures must not replace those of the repository")
        : PlanOptions.InRepository(CostFile.DefaultFolder, "give --out FOLDER");

    private static Action<string> Progress()
    {
        var started = TimeProvider.System.GetTimestamp();
        return line => Console.Error.WriteLine($"costs: {TimeProvider.System.GetElapsedTime(started).TotalSeconds,5:0} s  {line}");
    }
}
