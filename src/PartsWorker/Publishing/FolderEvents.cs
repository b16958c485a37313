using System.Collections.Concurrent;

namespace PartsWorker.Publishing;

/// <summary>
/// Events of the file system, as hints: they name files that may have changed, and start the next scan early. Nothing depends on them:
/// shares have none, the system may drop some, and names that are not UTF-8 arrive damaged. The scans find these files as well.
/// </summary>
internal sealed class FolderEvents : IDisposable
{
    private const int MostPaths = 10_000;
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly ConcurrentDictionary<string, string> _rootByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    /// <summary>Listens to a folder and everything below it. Called again after a mount was replaced, because its events end.</summary>
    public void Listen(string root)
    {
        if (_watchers.Remove(root, out var former))
        {
            former.Dispose();
        }

        try
        {
            var watcher = new FileSystemWatcher(root) { IncludeSubdirectories = true };
            watcher.Created += (_, e) => Add(e.FullPath, root);
            watcher.Changed += (_, e) => Add(e.FullPath, root);
            watcher.Renamed += (_, e) => Add(e.FullPath, root);
            watcher.EnableRaisingEvents = true;
            _watchers[root] = watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The folder has just gone, the system's limit of watches is reached, or the share has no events.
        }
    }

    /// <summary>The files that may have changed since the last call, each with its root.</summary>
    public IReadOnlyList<(string Path, string Root)> Take()
    {
        List<(string, string)> taken = [];
        foreach (var path in _rootByPath.Keys)
        {
            if (_rootByPath.TryRemove(path, out var root))
            {
                taken.Add((path, root));
            }
        }

        return taken;
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _woken.WaitAsync(atMost, ct);

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values)
        {
            watcher.Dispose();
        }

        _woken.Dispose();
    }

    private void Add(string path, string root)
    {
        try
        {
            if (_rootByPath.Count < MostPaths)
            {
                _rootByPath[path] = root;
            }

            if (_woken.CurrentCount == 0)
            {
                _woken.Release();
            }
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // The scan has already been woken, or the watch has ended.
        }
    }
}
