using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bench.Images;
using PartsWorker.Bench.Suite;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Configuration;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench results</c>: what <c>Results:Publish</c> costs, and how soon an event follows its row.</summary>
internal static class ResultsCommand
{
    private const string Help = """
        Lets two workers take turns on the same queue, one without and one with result events, and compares their images per second round by
        round; the second has two turns, without a subscriber and with one on the same machine. Then measures at half load how soon events
        arrive. PostgreSQL needs track_commit_timestamp = on.

        Example: partsbench results --bundle models/random-tiny/1 --images /tmp/bench-images
        """;

    public static Command Create(Settings settings)
    {
        var bundle = new Option<string>("--bundle") { Description = "Bundle folder.", Required = true };
        var images = new Option<string>("--images")
        {
            Description = "Folder of JPEG files; an empty folder is filled with synthetic images.",
            Required = true,
        };
        var windows = new Option<int>("--windows") { Description = "Rounds of three windows, 1..1000.", DefaultValueFactory = _ => 7 };
        var seconds = new Option<double>("--seconds") { Description = "Length of a window, 0.2..10.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("results", Help) { bundle, images, windows, seconds, json };
        command.SetAction(async (arguments, cancellation) =>
        {
            var folder = RunOptions.Folder("--bundle", arguments.GetValue(bundle)!);
            var plan = new BenchPlan
            {
                Bundles = new Dictionary<string, string>(),
                Images = BenchImages.Ensure(
                    RunOptions.Folder("--images", arguments.GetValue(images)!), RunOptions.DefaultImages, cancellation),
                Windows = RunOptions.Within("--windows", arguments.GetValue(windows), 1, 1000),
                // A paused worker answers no heartbeat, so a window must not be longer.
                Window = TimeSpan.FromSeconds(RunOptions.Within("--seconds", arguments.GetValue(seconds), 0.2, 10)),
                Inference = new InferenceOptions(),
                Limits = new DecodeLimits(),
                Report = line => Console.Error.WriteLine($"results: {line}"),
            };
            var configuration = settings.Load();
            await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
            var subjects = new Subjects(plan.Images, world, settings.Overrides);
            var run = new ResultsRun(folder, plan, world, subjects, TimeProvider.System);
            var figures = await run.RunAsync(cancellation);
            Console.WriteLine(arguments.GetValue(json) ? JsonSerializer.Serialize(figures, JsonSerializerOptions.Web) : Text(figures));
            return 0;
        });
        return command;
    }

    private static string Text(ResultsFigures f) =>
        $"without events {List(f.Without)}; with events {List(f.With)}: {f.OverWithout:0.000}; "
        + $"and a subscriber on this machine {List(f.Subscribed)} images/s: {f.SubscribedOverWithout:0.000}; "
        + $"at {f.LoadPerSecond:0} images/s {f.Latency.Images} events, from commit to arrival "
        + $"p50 {f.Latency.P50Ms:0.0}, p95 {f.Latency.P95Ms:0.0}, p99 {f.Latency.P99Ms:0.0} ms";

    private static string List(IEnumerable<double> rates) => string.Join(' ', rates.Select(rate => $"{rate:0}"));
}
