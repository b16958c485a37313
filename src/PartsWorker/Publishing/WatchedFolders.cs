using PartsWorker.Files;
using PartsWorker.References;

namespace PartsWorker.Publishing;

/// <summary>
/// Finds the files of watched folders that may be new. A folder's own modification time shows new names; content that is overwritten in
/// place shows only in the files themselves, so all of them are looked at from time to time. Both are bounded by the time they take, so
/// that 300,000 files in one folder cost about one percent of a core.
/// </summary>
internal sealed class WatchedFolders(PublishRequest request, PublishReport report, TimeProvider time)
{
    /// <summary>A folder is listed for at most one part in this many of the time.</summary>
    private const int ListShare = 50, CheckShare = 100;

    private readonly string[] _roots = [.. request.Paths.Select(p => Path.TrimEndingDirectorySeparator(Path.GetFullPath(p)))];
    private readonly Dictionary<string, WatchedFolder> _folders = new(StringComparer.Ordinal);
    private readonly SkippedFiles _skipped = new(report.Notice);
    private HashSet<string> _unreadable = new(StringComparer.Ordinal);
    private HashSet<string> _failing = new(StringComparer.Ordinal);
    private long _scan;

    /// <summary>Images in the folders that can be read now.</summary>
    public int Files => _folders.Values.Sum(f => f.Files);

    public int Skipped => _folders.Values.Sum(f => f.Skipped);

    public bool Contains(string folder) => _folders.ContainsKey(folder);

    /// <param name="isKnown">Whether a file has been found before.</param>
    /// <param name="found">Called with each file that may be new or changed, and its root.</param>
    /// <param name="ct">Stops the scan.</param>
    /// <returns>The roots that appeared, or below which something was mounted, unmounted or replaced.</returns>
    public IReadOnlySet<string> Scan(Func<string, bool> isKnown, Action<string, string> found, CancellationToken ct)
    {
        _scan++;
        HashSet<string> replaced = new(StringComparer.Ordinal);
        Stack<(string Path, string Root, FolderChain Chain)> folders = new(_roots.Reverse().Select(r => (r, r, new FolderChain())));
        while (folders.TryPop(out var next))
        {
            ct.ThrowIfCancellationRequested();
            if (Status(next.Path, next.Root) is not { } status || next.Chain.Contains(status))
            {
                continue;
            }

            var folder = Visit(next.Path, next.Root, status, replaced);
            if (folder is not null && TryList(folder, status, isKnown, found))
            {
                var chain = next.Chain.Below(status);
                foreach (var below in folder.Folders)
                {
                    folders.Push((below, next.Root, chain));
                }
            }
        }

        Forget();
        return replaced;
    }

    private DiskStatus? Status(string folder, string root)
    {
        try
        {
            if (Disk.StatusOf(folder) is { Kind: EntryKind.Folder } status)
            {
                return status;
            }

            if (folder == root)
            {
                ReportOnce(folder, "the folder does not exist; waiting for it");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ReportOnce(folder, $"the folder cannot be read: {error.Message}; trying again");
        }

        return null;
    }

    /// <returns>Null when this scan has been here, by another root.</returns>
    private WatchedFolder? Visit(string path, string root, DiskStatus status, HashSet<string> replaced)
    {
        if (_folders.TryGetValue(path, out var folder) && folder.Scan == _scan)
        {
            return null;
        }

        if (folder is null || folder.IsReplaced(status))
        {
            if (folder is not null || path == root)
            {
                replaced.Add(root);
            }

            _folders[path] = folder = new WatchedFolder(path, root);
        }

        folder.Scan = _scan;
        return folder;
    }

    private bool TryList(WatchedFolder folder, DiskStatus status, Func<string, bool> isKnown, Action<string, string> found)
    {
        var start = time.GetTimestamp();
        var everything = start >= folder.NextCheck;
        if (!everything && (start < folder.NextList || !folder.MayHaveNewNames(status)))
        {
            return !_unreadable.Contains(folder.Path) || Fail(folder);
        }

        try
        {
            var listing = FolderListing.Read(folder.Path, folder.Root, request.Filter, _skipped.Add);
            foreach (var file in listing.Files)
            {
                if (everything || !isKnown(file))
                {
                    found(file, folder.Root);
                }
            }

            folder.Keep(listing, status, time.GetUtcNow());
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // It vanished between its status and its listing; the next scan knows.
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ReportOnce(folder.Path, $"the folder cannot be read: {error.Message}; trying again");
            return false;
        }
        finally
        {
            var end = time.GetTimestamp();
            folder.NextList = end + (ListShare * (end - start));
            folder.NextCheck = everything ? end + (CheckShare * (end - start)) : folder.NextCheck;
        }
    }

    // It was not tried again yet.
    private bool Fail(WatchedFolder folder)
    {
        _failing.Add(folder.Path);
        return false;
    }

    private void ReportOnce(string folder, string problem)
    {
        if (_failing.Add(folder) && !_unreadable.Contains(folder))
        {
            report.Fail(folder, problem);
        }
    }

    private void Forget()
    {
        foreach (var back in _unreadable.Where(f => !_failing.Contains(f) && _folders.TryGetValue(f, out var now) && now.Scan == _scan))
        {
            report.Notice($"{PathBytes.Printable(back)}: the folder can be read again");
        }

        (_unreadable, _failing) = (_failing, new(StringComparer.Ordinal));
        foreach (var gone in _folders.Where(f => f.Value.Scan != _scan).Select(f => f.Key).ToArray())
        {
            _folders.Remove(gone);
        }
    }
}
