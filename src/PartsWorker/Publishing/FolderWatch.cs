using PartsWorker.Client;

namespace PartsWorker.Publishing;

/// <summary>
/// Watches folders that a camera writes into, by upload or by renaming into place. A file is published once, when its size and time have
/// not changed for a while and no process has it open for writing. File system events only start the next scan early; the scan decides.
/// </summary>
internal sealed class FolderWatch(
    PublishRequest request, WatchMemory memory, Func<ImageReference, Lane, CancellationToken, Task> publish, PublishReport report,
    TimeProvider time)
{
    /// <summary>How long a file must not change; an FTP server pauses less than this between two blocks.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    // An upload begins as an empty file, and its first block may be late.
    private static readonly TimeSpan SettleEmpty = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(2);

    // Every block of an upload raises an event; a scan for each of them would keep a core busy.
    private static readonly TimeSpan ScanPause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, (FileVersion Version, DateTimeOffset Since)> _changing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken ct)
    {
        using var woken = new SemaphoreSlim(0, 1);
        var events = request.Paths.Select(p => Listen(p, woken)).ToArray();
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await ScanAsync(ct);
                await woken.WaitAsync(_changing.Count > 0 ? Settle / 2 : ScanEvery, ct);
                await Task.Delay(ScanPause, time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped; the next start finds the files that were not published.
        }
        finally
        {
            Array.ForEach(events, e => e?.Dispose());
        }
    }

    /// <summary>Scans the folders once and publishes the finished files.</summary>
    public async Task ScanAsync(CancellationToken ct)
    {
        if (request.Paths.FirstOrDefault(p => !Directory.Exists(p)) is { } missing)
        {
            ReportOnce(missing, "the folder does not exist; waiting for it");
            return;
        }

        HashSet<string> present = new(StringComparer.Ordinal);
        var files = request.Paths.Select(Path.GetFullPath).SelectMany(root => PublishFiles.Below(root).Select(f => (Root: root, File: f)));
        foreach (var (root, file) in files.OrderBy(f => f.File.LastWriteTimeUtc).ThenBy(f => f.File.FullName, StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            present.Add(file.FullName);
            var version = new FileVersion(file.Length, file.LastWriteTimeUtc.Ticks);
            if (!memory.IsPublished(file.FullName, version) && IsFinished(file.FullName, version))
            {
                await PublishAsync(new PublishFile(file.FullName, root, new DateTimeOffset(file.LastWriteTimeUtc)), version, ct);
            }
        }

        memory.KeepOnly(present);
        foreach (var gone in _changing.Keys.Where(p => !present.Contains(p)).ToArray())
        {
            _changing.Remove(gone);
        }
    }

    private bool IsFinished(string path, FileVersion version)
    {
        var now = time.GetUtcNow();
        if (!_changing.TryGetValue(path, out var seen) || seen.Version != version)
        {
            _changing[path] = (version, now);
            return false;
        }

        return now - seen.Since >= (version.Length == 0 ? SettleEmpty : Settle) && !FinishedFile.IsStillWritten(path);
    }

    private async Task PublishAsync(PublishFile file, FileVersion version, CancellationToken ct)
    {
        try
        {
            var reference = await PublishedReference.DescribeAsync(file, request, ct);
            await publish(reference, request.Lane, ct);
            memory.Remember(file.Path, version);
            _changing.Remove(file.Path);
            report.Done(file, reference);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PublishFailedException)
        {
            // Retried at every scan and reported once: permissions and full spools are fixed by people.
            if (error is not FileNotFoundException)
            {
                ReportOnce(file.Path, error.Message);
            }
        }
    }

    private void ReportOnce(string what, string problem)
    {
        if (_reported.Add(what))
        {
            report.Fail(what, problem);
        }
    }

    private static FileSystemWatcher? Listen(string folder, SemaphoreSlim woken)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            FileSystemEventHandler wake = (_, _) => Wake(woken);
            watcher.Created += wake;
            watcher.Changed += wake;
            watcher.Renamed += (_, _) => Wake(woken);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException)
        {
            // The system's limit of watches is reached, or the share has no events; the regular scan works without them.
            return null;
        }
    }

    private static void Wake(SemaphoreSlim woken)
    {
        try
        {
            if (woken.CurrentCount == 0)
            {
                woken.Release();
            }
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // The scan has already been woken, or the watch has ended.
        }
    }
}
