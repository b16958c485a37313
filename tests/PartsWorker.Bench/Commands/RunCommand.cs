using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bench.Suite;
using PartsWorker.Configuration;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench run</c>: measures what the worker costs beyond its model.</summary>
internal static class RunCommand
{
    private const string Help = """
        Measures on this machine, in one run: the bare model per batch size, each decoder, the pipeline in memory, the whole worker with
        broker and database (in temporary queues and a temporary database), latency, memory, and CPU per stage. Without connection strings
        it skips what needs the services.

        Examples:
          partsbench run --real models/random-real/1 --tiny models/random-tiny/1 --images /tmp/bench-images
          partsbench run --model none --images /tmp/bench-images --json
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(Settings settings)
    {
        var options = new RunOptions();
        var command = new Command("run", Help);
        options.AddTo(command);
        command.SetAction((arguments, cancellation) => RunAsync(settings, options, arguments, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, RunOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        var configuration = settings.Load();
        var plan = options.Plan(arguments, configuration, cancellation);
        var report = await new BenchSuite(plan, configuration, settings.Overrides, TimeProvider.System).RunAsync(cancellation);
        Console.WriteLine(arguments.GetValue(options.Json) ? JsonSerializer.Serialize(report, Json) : BenchTable.Of(report));
        return 0;
    }
}
