using Microsoft.Extensions.Time.Testing;
using PartsWorker.Client;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

public sealed class FolderWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;
    private readonly string _state = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _published = [];
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        File.Delete(_state);
        _errors.Dispose();
    }

    [Fact]
    public async Task A_file_is_published_once_when_it_has_not_changed_for_a_while()
    {
        using var memory = new WatchMemory(_state);
        var watch = Watch(memory);
        Write("1.jpg", "a");
        await ScanAsync(watch);
        Assert.Empty(_published);

        Write("1.jpg", "ab");
        await ScanAsync(watch);
        Assert.Empty(_published);

        await ScanAsync(watch);
        await ScanAsync(watch);
        Assert.Equal(["1.jpg"], _published);
    }

    [Fact]
    public async Task A_file_that_is_open_for_writing_waits()
    {
        using var memory = new WatchMemory(_state);
        var watch = Watch(memory);
        await using (var upload = new FileStream(Path.Combine(_folder, "1.jpg"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            upload.Write("half"u8);
            upload.Flush();
            await ScanAsync(watch);
            await ScanAsync(watch);
            await ScanAsync(watch);
            Assert.Empty(_published);
        }

        await ScanAsync(watch);
        await ScanAsync(watch);
        Assert.Equal(["1.jpg"], _published);
    }

    [Fact]
    public async Task A_restart_remembers_and_a_replaced_file_is_new()
    {
        Write("1.jpg", "a");
        using (var memory = new WatchMemory(_state))
        {
            await ScanTwiceAsync(Watch(memory));
        }

        using (var memory = new WatchMemory(_state))
        {
            var watch = Watch(memory);
            await ScanTwiceAsync(watch);
            Assert.Single(_published);

            Write("1.jpg", "another");
            await ScanTwiceAsync(watch);
            Assert.Equal(2, _published.Count);
        }
    }

    [Fact]
    public async Task An_empty_file_is_given_time_to_be_filled()
    {
        using var memory = new WatchMemory(_state);
        var watch = Watch(memory);
        Write("1.jpg", "");
        await ScanTwiceAsync(watch);
        Assert.Empty(_published);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await ScanAsync(watch);
        Assert.Equal(["1.jpg"], _published);
    }

    [Fact]
    public async Task A_file_that_cannot_be_published_is_reported_once_and_tried_again()
    {
        using var memory = new WatchMemory(_state);
        var full = true;
        var watch = Watch(
            memory, reference => full ? throw new PublishFailedException(reference.ImageId, "the spool is full") : Task.CompletedTask);
        Write("1.jpg", "a");
        await ScanTwiceAsync(watch);
        await ScanTwiceAsync(watch);
        Assert.Single(_errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));

        full = false;
        await ScanAsync(watch);
        Assert.Equal(["1.jpg"], _published);
    }

    private FolderWatch Watch(WatchMemory memory, Func<ImageReference, Task>? publish = null) => new(
        new PublishRequest([_folder], "A", "c", Lane.Live, BaseUri: null),
        memory,
        async (reference, _, _) =>
        {
            await (publish?.Invoke(reference) ?? Task.CompletedTask);
            _published.Add(Path.GetFileName(reference.Uri));
        },
        new PublishReport(TextWriter.Null, _errors, json: false),
        _clock);

    private Task ScanAsync(FolderWatch watch)
    {
        _clock.Advance(FolderWatch.Settle);
        return watch.ScanAsync(CancellationToken.None);
    }

    private async Task ScanTwiceAsync(FolderWatch watch)
    {
        await ScanAsync(watch);
        await ScanAsync(watch);
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
