using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using PartsWorker.Client;
using PartsWorker.Publishing;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Publishing;

/// <summary>
/// What a watch costs while nothing happens. PARTSWORKER_COST_FILES sets the number of files in the folder (default 10,000),
/// PARTSWORKER_COST_SECONDS how long it is measured (default 4).
/// </summary>
[Collection(Alone.Name)]
public sealed class WatchCostTests : IDisposable
{
    private readonly RawFolder _folder = new();
    private readonly string _state = Path.GetTempFileName();

    public void Dispose()
    {
        _folder.Dispose();
        File.Delete(_state);
    }

    [Fact]
    public void The_files_of_a_folder_are_looked_at_for_at_most_a_hundredth_of_the_time()
    {
        for (var i = 0; i < 10; i++)
        {
            _folder.Write($"{i}.jpg", [1]);
        }

        var clock = new FakeTimeProvider();
        var request = new PublishRequest([_folder.Path], "A", "c", Lane.Live, BaseUri: null);
        var folders = new WatchedFolders(request, new PublishReport(TextWriter.Null, TextWriter.Null, json: false), clock);
        var looked = 0;
        void Scan() => folders.Scan(
            _ => true,
            (_, _) =>
            {
                looked++;
                clock.Advance(TimeSpan.FromSeconds(1));
            },
            CancellationToken.None);

        Scan();
        Assert.Equal(10, looked);
        clock.Advance(TimeSpan.FromSeconds(990));
        Scan();
        Assert.Equal(10, looked);
        clock.Advance(TimeSpan.FromSeconds(10));
        Scan();
        Assert.Equal(20, looked);
    }

    [Fact]
    public async Task A_large_folder_in_which_nothing_happens_costs_little_and_a_new_image_is_found_soon()
    {
        var files = Setting("PARTSWORKER_COST_FILES", 10_000);
        var seconds = Setting("PARTSWORKER_COST_SECONDS", 4);
        using var memory = new WatchMemory(_state);
        for (var i = 0; i < files; i++)
        {
            var path = _folder.Write($"{i:D9}.jpg", []);
            memory.Remember(path, FileVersion.Of(PartsWorker.Files.Disk.StatusOf(path)!), (UInt128)i + 1);
        }

        using var report = new StringWriter();
        using var stop = new CancellationTokenSource();
        var published = new TaskCompletionSource<ImageReference>();
        var request = new PublishRequest([_folder.Path], "A", "c", Lane.Live, BaseUri: null);
        Task Publish(ImageReference reference, Lane lane, CancellationToken ct)
        {
            published.TrySetResult(reference);
            return Task.CompletedTask;
        }

        using var watch = new FolderWatch(
            request, memory, Publish, new PublishReport(TextWriter.Null, report, json: false), TimeProvider.System);
        var running = watch.RunAsync(stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (cpu, allocated, wall) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var share = (Environment.CpuUsage.TotalTime - cpu) / wall.Elapsed;
        var message = string.Create(CultureInfo.InvariantCulture, $"{files} files: {share:P2} of a core, ")
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / 1024 / seconds} KiB allocated per second";

        _folder.Write("new.jpg", [1]);
        var latency = Stopwatch.StartNew();
        Assert.EndsWith("/new.jpg", (await published.Task.WaitAsync(TimeSpan.FromSeconds(30))).Uri, StringComparison.Ordinal);
        await stop.CancelAsync();
        await running;
        Console.WriteLine($"{message}, new image published after {latency.Elapsed.TotalSeconds:0.0} s");
        Assert.True(latency.Elapsed < TimeSpan.FromSeconds(10), $"{latency.Elapsed}");

        // Other tests of this process run beside it, so the bound here is a coarse one.
        Assert.True(Environment.GetEnvironmentVariable("PARTSWORKER_COST_FILES") is null || share < 0.02, message);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
