using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using PartsWorker.Benching;
using PartsWorker.Configuration;

namespace PartsWorker.Commands;

/// <summary><c>partsworker bench soak</c> and <c>bench backlog</c>: many messages through one or more workers, watched for growth, loss and doubles.</summary>
internal static class BenchWatchCommand
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static Command Soak(Settings settings) => Create(
        settings,
        "soak",
        "Feeds workers for as long as it takes and watches their memory, handles and threads. Example: partsworker bench soak --bundle models/random-tiny/1 --images /tmp/bench-images --messages 200000",
        fillFirst: false,
        200_000);

    public static Command Backlog(Settings settings) => Create(
        settings,
        "backlog",
        "Fills the queue, then drains it with one or more workers. Example: partsworker bench backlog --images /tmp/bench-images --messages 1000000 --workers 2",
        fillFirst: true,
        100_000);

    private static Command Create(Settings settings, string name, string help, bool fillFirst, long messages)
    {
        var bundle = new Option<string?>("--bundle") { Description = "Bundle folder; without it a stand-in model that costs nothing and decodes nothing." };
        var images = new Option<string>("--images") { Description = "Folder of JPEG files; an empty one is filled with made-up photographs.", Required = true };
        var count = new Option<long>("--messages") { Description = "References to publish; they share the images.", DefaultValueFactory = _ => messages };
        var workers = new Option<int>("--workers") { Description = "Processes, 1..64.", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(name, help) { bundle, images, count, workers, json };
        command.SetAction((arguments, cancellation) => RunAsync(
            settings,
            new WatchPlan
            {
                Bundle = arguments.GetValue(bundle) is { } folder ? Path.GetFullPath(folder) : null,
                FillFirst = fillFirst,
                Messages = BenchOptions.Within("--messages", arguments.GetValue(count), 100, 1_000_000_000),
                Workers = BenchOptions.Within("--workers", arguments.GetValue(workers), 1, 64),
                Images = BenchImages.Ensure(arguments.GetValue(images)!, BenchOptions.DefaultImages, cancellation),
                Say = line => Console.Error.WriteLine($"bench {name}: {line}"),
            },
            arguments.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, WatchPlan plan, bool json, CancellationToken cancellation)
    {
        var configuration = settings.Load();
        await using var world = await BenchWorld.CreateAsync(configuration, cancellation);
        var subjects = new Subjects(plan.Images, world, settings.Overrides);
        var report = await new WatchRun(plan, world, subjects, TimeProvider.System).RunAsync(cancellation);
        Console.WriteLine(json ? JsonSerializer.Serialize(report, Json) : Line(report));
        return report.Rows == report.Messages && report.DifferentImages == report.Messages ? 0 : 1;
    }

    private static string Line(WatchReport r) =>
        $"{r.Messages} messages, {r.Rows} rows of {r.DifferentImages} images, {r.Workers} workers: {r.ImagesPerSecond:0.0} images/s, {r.CpuMsPerImage:0.000} CPU ms per image, "
        + $"{Published(r)}{r.EarlyMb:0} MB after a tenth and {r.LateMb:0} MB at the end (peak {r.PeakMb:0}), {r.EarlyHandles} and {r.LateHandles} handles, {r.Gen2Collections} gen2 collections";

    // Where the workers set the pace of publishing it says nothing of the broker.
    private static string Published(WatchReport r) => double.IsNaN(r.PublishedPerSecond) ? "" : $"published {r.PublishedPerSecond:0}/s, ";
}
