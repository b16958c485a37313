using System.CommandLine;
using System.Text.Json;
using PartsWorker.Benching;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Commands;

/// <summary><c>partsworker bench</c>: what the worker costs beside its model on this machine.</summary>
internal static class BenchCommand
{
    private const string Help = """
        Measures on this machine, in one run: the bare model per batch size, each decoder, the pipeline in memory, the whole worker with broker
        and database (in a database and queues of its own, removed at the end), latency, memory and CPU per stage. Without connection strings
        only what needs no services.
          partsworker bench --real models/random-real/1 --tiny models/random-tiny/1 --images /tmp/bench-images
          partsworker bench --model none --images /tmp/bench-images --json
        deploy/bench.sh makes the bundles and starts the services, too.
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(Settings settings)
    {
        var options = new BenchOptions();
        var command = new Command("bench", Help) { BenchWatchCommand.Soak(settings), BenchWatchCommand.Backlog(settings), BenchDeviceCommand.Create(settings), BenchWorkerCommand.Create(settings) };
        options.AddTo(command);
        command.SetAction((arguments, cancellation) => RunAsync(settings, options, arguments, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, BenchOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        var configuration = settings.Load();
        var plan = options.Plan(
            arguments,
            SharedLimits.Inference(configuration),
            SharedLimits.Decoding(configuration),
            cancellation);
        var report = await new BenchSuite(plan, configuration, settings.Overrides, TimeProvider.System).RunAsync(cancellation);
        Console.WriteLine(arguments.GetValue(options.Json) ? JsonSerializer.Serialize(report, Json) : BenchTable.Of(report));
        return 0;
    }
}
