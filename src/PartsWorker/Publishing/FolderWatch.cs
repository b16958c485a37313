using PartsWorker.Client;
using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>
/// Watches folders that a camera writes into, by upload or by renaming into place. Each finished image is published once: when it has not
/// changed for a while, no process has it open for writing, and its end is there. The same content under the same path is the same image,
/// whatever its time says. No file and no folder can stop the watch.
/// </summary>
internal sealed class FolderWatch(
    PublishRequest request, WatchMemory memory, Func<ImageReference, Lane, CancellationToken, Task> publish, PublishReport report,
    TimeProvider time, Func<long>? unsent = null) : IDisposable
{
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(2);

    // Every block of an upload raises an event; a scan for each of them would keep a core busy.
    private static readonly TimeSpan ScanPause = TimeSpan.FromMilliseconds(200);

    // After this time new files get their turn, so that thousands of old ones do not delay the line.
    private static readonly TimeSpan PublishSlice = TimeSpan.FromSeconds(2);

    private readonly WatchedFolders _folders = new(request, report, time);
    private readonly FolderEvents _events = new();
    private readonly Dictionary<string, PendingFile> _pending = new(StringComparer.Ordinal);
    private readonly WatchMinutes _minutes = new(report, unsent ?? (() => 0), time);
    private readonly DueFile _due = new(request, memory, publish, report, time);

    /// <summary>Files and folders that are left out.</summary>
    public int Skipped => _folders.Skipped;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var more = await TryScanAsync(ct);
                _minutes.Tick(_pending.Count, Skipped);
                if (!more)
                {
                    await _events.WaitAsync(_pending.Count > 0 ? Shorter(request.Settle / 2, ScanEvery) : ScanEvery, ct);
                    await Task.Delay(ScanPause, time, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped; the next start finds the files that were not published.
        }
    }

    /// <summary>Scans the folders once and publishes the finished files.</summary>
    /// <returns>Whether finished files are left.</returns>
    public async Task<bool> ScanAsync(CancellationToken ct)
    {
        foreach (var root in _folders.Scan(IsKnown, Consider, ct))
        {
            _events.Listen(root);
        }

        foreach (var (path, root) in _events.Take())
        {
            if (_folders.Contains(Path.GetDirectoryName(path) ?? "")
                && request.Filter.SkipFile(Path.GetFileName(path), path[root.Length..].TrimStart(Path.DirectorySeparatorChar)) is null)
            {
                Consider(path, root);
            }
        }

        var more = await PublishDueAsync(ct);
        memory.Trim(_folders.Files);
        return more;
    }

    public void Dispose() => _events.Dispose();

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // Problems of files and folders are reported by their names; this is for everything that no room expects.
    private async Task<bool> TryScanAsync(CancellationToken ct)
    {
        try
        {
            return await ScanAsync(ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _due.ReportOnce(error.Message, "an unexpected error; the watch continues");
            return false;
        }
    }

    private bool IsKnown(string path) => _pending.ContainsKey(path) || memory.Find(path) is not null;

    private void Consider(string path, string root)
    {
        try
        {
            if (Disk.StatusOf(path) is not { Kind: EntryKind.File or EntryKind.Other } status
                || memory.IsPublished(path, FileVersion.Of(status)))
            {
                _pending.Remove(path);
            }
            else if (!_pending.TryGetValue(path, out var file))
            {
                _pending[path] = file = new PendingFile(root);
                file.Restart(FileVersion.Of(status), request.Settle, time);
            }
            else if (!file.Version.IsSame(FileVersion.Of(status)))
            {
                file.Restart(FileVersion.Of(status), request.Settle, time);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _due.ReportOnce(path, error.Message);
        }
    }

    private async Task<bool> PublishDueAsync(CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var due = _pending.Where(f => f.Value.Due <= start)
            .OrderBy(f => memory.Find(f.Key) is null ? 0 : 1)
            .ThenBy(f => f.Value.Version.ModifiedTicks)
            .ThenBy(f => f.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (path, file) in due)
        {
            ct.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(start) > PublishSlice)
            {
                return true;
            }

            switch (await _due.TryAsync(path, file, ct))
            {
                case DueOutcome.Done:
                    _pending.Remove(path);
                    break;
                case DueOutcome.SpoolRefuses:
                    return false;
            }
        }

        return false;
    }
}
