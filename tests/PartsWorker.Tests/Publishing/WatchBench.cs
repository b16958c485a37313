using Microsoft.Extensions.Time.Testing;
using PartsWorker.Client;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

/// <summary>A watch over a folder, with a fake clock and a publisher that only records.</summary>
internal sealed class WatchBench : IDisposable
{
    private readonly StringWriter _errors = new();
    private readonly string _state = Path.GetTempFileName();
    private readonly string[] _roots;
    private readonly FileFilter _filter;
    private FolderWatch _watch;

    public WatchBench(params string[] roots)
        : this(new FileFilter([]), roots)
    {
    }

    public WatchBench(FileFilter filter, params string[] roots)
    {
        (_roots, _filter) = (roots, filter);
        (Memory, _watch) = Open();
    }

    /// <summary>Starts at the real time, because the files of a test carry real times.</summary>
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public List<ImageReference> Published { get; } = [];

    public IEnumerable<string> Names => Published.Select(r => Path.GetFileName(Uri.UnescapeDataString(r.Uri)));

    public Func<ImageReference, Task> Publish { get; set; } = _ => Task.CompletedTask;

    public WatchMemory Memory { get; private set; }

    public string StateFile => _state;

    public int Skipped => _watch.Skipped;

    public IReadOnlyList<string> Lines => _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Restart()
    {
        Close();
        (Memory, _watch) = Open();
    }

    public async Task ScanAsync(int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await _watch.ScanAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        Close();
        _errors.Dispose();
        File.Delete(_state);
    }

    private void Close()
    {
        _watch.Dispose();
        Memory.Dispose();
    }

    private (WatchMemory Memory, FolderWatch Watch) Open()
    {
        var memory = new WatchMemory(_state);
        var report = new PublishReport(TextWriter.Null, _errors, json: false);
        var request = new PublishRequest(_roots, "A", "c", Lane.Live, BaseUri: null) { Filter = _filter };
        return (memory, new FolderWatch(request, memory, PublishAsync, report, Clock));
    }

    private async Task PublishAsync(ImageReference reference, Lane lane, CancellationToken ct)
    {
        await Publish(reference);
        Published.Add(reference);
    }
}
