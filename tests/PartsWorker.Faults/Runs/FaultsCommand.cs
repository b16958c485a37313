using System.CommandLine;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Mutation;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Runs;

/// <summary>The command line of <c>deploy/faults.sh</c>.</summary>
internal static class FaultsCommand
{
    private static readonly Option<int> Messages = new("--messages")
    {
        DefaultValueFactory = _ => 500,
        Description = "Fault run: number of messages; the number of faults grows with it (default 500, about a minute).",
    };

    private static readonly Option<int> MutateImages = new("--mutate-images")
    {
        Description = "Instead: send this number of mutated image files through the worker.",
    };

    private static readonly Option<int> MutateMessages = new("--mutate-messages")
    {
        Description = "Instead: send this number of mutated message bodies and headers.",
    };

    private static readonly Option<int> Reprocess = new("--reprocess")
    {
        Description = "Instead: reprocess this number of images with a second model beside a line of 20 images/s, killing it once.",
    };

    private static readonly Option<int> Activate = new("--activate")
    {
        Description = "Instead: change the active model this number of times beside a line of 30 images/s.",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        DefaultValueFactory = _ => 1,
        Description = "Determines messages, faults and mutations (default 1).",
    };

    private static readonly Option<int> Workers = new("--workers")
    {
        DefaultValueFactory = _ => 2,
        Description = "Number of worker processes (default 2).",
    };

    private static readonly Option<int> Ports = new("--port-base")
    {
        DefaultValueFactory = _ => 23650,
        Description = "First of nine ports for this run's private RabbitMQ and PostgreSQL (default 23650).",
    };

    private static readonly Option<string> Model = new("--model")
    {
        DefaultValueFactory = _ => Repository.Bundle,
        Description = "Bundle folder, absolute or relative to the repository (default: the version in models/real-parts).",
    };

    private static readonly Option<bool> Results = new("--results")
    {
        Description = "Workers publish results; also count missing, wrong and repeated result events.",
    };

    private static readonly Option<bool> PgBouncer = new("--pgbouncer")
    {
        Description = "Workers reach PostgreSQL through PgBouncer in transaction mode.",
    };

    private static readonly Option<bool> Cluster = new("--cluster")
    {
        Description = "Three RabbitMQ nodes, and PostgreSQL with a synchronous standby; servers fail and change their roles.",
    };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep services, logs and images of the run for inspection." };

    public static RootCommand Create()
    {
        var command = new RootCommand(
            "Runs the worker under faults and counts lost and duplicated messages. Example: deploy/faults.sh --messages 20000 --seed 7")
        {
            Messages, MutateImages, MutateMessages, Reprocess, Activate, Seed, Workers, Ports, Model, Results, PgBouncer, Cluster, Keep,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = new BenchOptions(
            arguments.GetValue(Seed),
            arguments.GetValue(Workers),
            arguments.GetValue(Ports),
            arguments.GetValue(Model)!,
            arguments.GetValue(Keep),
            Results: arguments.GetValue(Results),
            PgBouncer: arguments.GetValue(PgBouncer));
        try
        {
            var (lastLine, clean) = await ChooseAsync(arguments, options, cancellationToken);
            Console.WriteLine(lastLine);
            return clean ? 0 : 1;
        }
        catch (InvalidOperationException error)
        {
            await Console.Error.WriteLineAsync($"faults: {error.Message}");
            return 1;
        }
    }

    private static Task<(string LastLine, bool Clean)> ChooseAsync(ParseResult arguments, BenchOptions options, CancellationToken token)
    {
        var (images, messages) = (arguments.GetValue(MutateImages), arguments.GetValue(MutateMessages));
        var (reprocess, activate) = (arguments.GetValue(Reprocess), arguments.GetValue(Activate));
        return reprocess > 0 ? ReprocessAsync(options, reprocess, token)
            : activate > 0 ? ActivateAsync(options, activate, token)
            : AuditedAsync(
                options,
                images > 0 ? MutationRun.RunAsync(options, bench => new MutatedImages(bench.Root, options.Seed).Draw(images), token)
                : messages > 0 ? MutationRun.RunAsync(options, bench => new MutatedMessages(bench.Root, options.Seed).Draw(messages), token)
                : arguments.GetValue(Cluster) ? ClusterRun.RunAsync(options, arguments.GetValue(Messages), token)
                : FaultRun.RunAsync(options, arguments.GetValue(Messages), token));
    }

    private static async Task<(string LastLine, bool Clean)> ReprocessAsync(BenchOptions options, int images, CancellationToken token)
    {
        var report = await ReprocessRun.RunAsync(options with { Workers = 1 }, images, TimeSpan.FromSeconds(60), killWorker: false, token);
        return (report.LastLine(options.Seed), report.IsRight && report.Ratio <= 1.5);
    }

    private static async Task<(string LastLine, bool Clean)> ActivateAsync(BenchOptions options, int changes, CancellationToken token)
    {
        var report = await ActivationRun.RunAsync(options, changes, imagesPerSecond: 30, token);
        return (report.LastLine(options.Seed), report.IsRight && report.Longest <= 2);
    }

    private static async Task<(string LastLine, bool Clean)> AuditedAsync(BenchOptions options, Task<(AuditReport Report, bool Clean)> run)
    {
        var (report, clean) = await run;
        return (LastLine(options.Seed, report), clean);
    }

    private static string LastLine(int seed, AuditReport r) =>
        $"faults: seed={seed} published={r.Published} rows={r.Rows} dead={r.Dead} lost={r.Lost} duplicates={r.Duplicates}"
        + (r.Events is { } e ? $" events={e.Events} missing-events={e.Missing} wrong-events={e.Wrong} repeated-events={e.Repeated}" : "");
}
