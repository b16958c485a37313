using System.CommandLine;
using System.Text.Json.Serialization;
using System.Text.Json;
using PartsWorker.Bench.Images;
using PartsWorker.Bench.Suite;
using PartsWorker.Bench.Watch;
using PartsWorker.Configuration;

namespace PartsWorker.Bench.Commands;

/// <summary>
/// <c>partsbench soak</c> and <c>partsbench backlog</c>: send many messages through one or more workers and check for growth, loss and
/// duplicates.
/// </summary>
internal static class WatchCommands
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private const string SoakHelp = """
        Feeds workers with a short queue and watches their memory, handles and threads, and, if PARTS_RABBIT_MANAGEMENT is set, the
        connections and channels of the broker. Exits with 1 if a message is lost or duplicated, if memory without garbage grows by more
        than 2 % in the second half, or if connections or channels grow. Memory still warms up during the first 50,000 messages or so.
        A run in which no row was stored for two minutes ends and counts the missing messages as lost.

        Example: partsbench soak --bundle models/random-tiny/1 --images /tmp/bench-images --messages 200000
        Example: partsbench soak --images /tmp/bench-images --messages 1000000 --workers 2 --kill-every 30
        """;

    private const string BacklogHelp = """
        Fills the queue, then drains it with one or more workers. Exits with 1 if a message is lost or duplicated.

        Example: partsbench backlog --images /tmp/bench-images --messages 1000000 --workers 2
        """;

    public static Command Soak(Settings settings) => Create(settings, "soak", SoakHelp, fillFirst: false, 200_000);

    public static Command Backlog(Settings settings) => Create(settings, "backlog", BacklogHelp, fillFirst: true, 100_000);

    private static Command Create(Settings settings, string name, string help, bool fillFirst, long messages)
    {
        var bundle = new Option<string?>("--bundle")
        {
            Description = "Bundle folder. Default: a stand-in model that costs nothing and decodes nothing.",
        };
        var images = new Option<string>("--images")
        {
            Description = "Folder of JPEG files; an empty folder is filled with synthetic images.",
            Required = true,
        };
        var count = new Option<long>("--messages")
        {
            Description = "Number of references to publish; they share the images.",
            DefaultValueFactory = _ => messages,
        };
        var workers = new Option<int>("--workers") { Description = "Number of worker processes, 1..64.", DefaultValueFactory = _ => 1 };
        var kill = new Option<int?>("--kill-every")
        {
            Description = "Kill one worker this often, in seconds, and start another in its place; the first worker is never killed.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(name, help) { bundle, images, count, workers, kill, json };
        command.SetAction((arguments, cancellation) => RunAsync(
            settings,
            new WatchPlan
            {
                Bundle = arguments.GetValue(bundle) is { } folder ? RunOptions.Folder("--bundle", folder) : null,
                FillFirst = fillFirst,
                Messages = RunOptions.Within("--messages", arguments.GetValue(count), 100, 1_000_000_000),
                Workers = RunOptions.Within("--workers", arguments.GetValue(workers), 1, 64),
                KillEvery = KillEvery(arguments.GetValue(kill), arguments.GetValue(workers)),
                Images = BenchImages.Ensure(
                    RunOptions.Folder("--images", arguments.GetValue(images)!), RunOptions.DefaultImages, cancellation),
                Report = line => Console.Error.WriteLine($"{name}: {line}"),
            },
            arguments.GetValue(json),
            cancellation));
        return command;
    }

    private static TimeSpan? KillEvery(int? seconds, int workers) =>
        seconds is null ? null
        : workers == 1 ? throw new UserErrorException("--kill-every needs --workers 2 or more: the first worker is never killed")
        : TimeSpan.FromSeconds(RunOptions.Within("--kill-every", seconds.Value, 1, 86_400));

    private static async Task<int> RunAsync(Settings settings, WatchPlan plan, bool json, CancellationToken cancellation)
    {
        var configuration = settings.Load();
        await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
        var subjects = new Subjects(plan.Images, world, settings.Overrides);
        var report = await new WatchRun(plan, world, subjects, TimeProvider.System).RunAsync(cancellation);
        Console.WriteLine(json ? JsonSerializer.Serialize(report, Json) : Line(report));
        if (plan.FillFirst || report.Growth is not { } growth)
        {
            return report.IsComplete ? 0 : 1;
        }

        await Console.Error.WriteLineAsync($"partsbench: {growth}");
        return 1;
    }

    private static string Line(WatchReport r) =>
        $"{r.Messages} messages, {r.Rows} rows of {r.DifferentImages} images, {r.Workers} workers{Killed(r)}: "
        + $"{r.ImagesPerSecond:0.0} images/s, {r.CpuMsPerImage:0.000} CPU ms per image, {Published(r)}"
        + $"{r.EarlyMb:0} MB after a tenth and {r.LateMb:0} MB at the end (peak {r.PeakMb:0}), of it "
        + $"{r.EarlyHeapMb:0.0} and {r.LateHeapMb:0.0} MB managed heap, "
        + $"{r.EarlyHandles} and {r.LateHandles} handles, {r.Gen2Collections} gen2 collections, "
        + $"{r.HalfCollectedMb:0.0} MB without garbage at half and {r.LateCollectedMb:0.0} MB at 95 % "
        + $"({r.GrowthInSecondHalf:+0.0 %;-0.0 %}){Open(r)}";

    private static string Killed(WatchReport r) => r.Kills == 0 ? "" : $" (killed {r.Kills} times)";

    private static string Open(WatchReport r) => r is { HalfOpen: { } half, LateOpen: { } late }
        ? $", {half.Connections} and {late.Connections} connections, {half.Channels} and {late.Channels} channels"
        : "";

    // If the workers set the pace of publishing, the rate does not describe the broker.
    private static string Published(WatchReport r) => double.IsNaN(r.PublishedPerSecond) ? "" : $"published {r.PublishedPerSecond:0}/s, ";
}
