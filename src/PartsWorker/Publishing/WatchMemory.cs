namespace PartsWorker.Publishing;

/// <summary>
/// Remembers which files of a watched folder are published, in a file of the spool folder, so that a restart does not publish them again.
/// A file is recorded after its reference is safe; a kill in between publishes it again under the same id, which changes nothing.
/// Files that are gone stay in memory for a while: a mount that returns, or a restored folder, is not published again.
/// </summary>
internal sealed class WatchMemory : IDisposable
{
    /// <summary>Files that are gone and still remembered: as many as were present at the same time, but at least this many.</summary>
    public const int LeastGone = 50_000;

    private readonly Dictionary<string, PublishedFile> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, string> _pathByContent = [];
    private readonly WatchJournal _journal;
    private long _seen;
    private int _mostPresent;

    public WatchMemory(string file, Action<string>? notice = null)
    {
        _journal = new WatchJournal(file, notice ?? (_ => { }));
        foreach (var (path, published) in _journal.Read())
        {
            Set(path, published);
        }

        _journal.Rewrite(Lines());
    }

    public int Count => _published.Count;

    public PublishedFile? Find(string path) => _published.GetValueOrDefault(path);

    /// <summary>Whether this version is published; the file is then marked as present.</summary>
    public bool IsPublished(string path, FileVersion version)
    {
        if (!_published.TryGetValue(path, out var known) || !known.Version.IsSame(version))
        {
            return false;
        }

        known.Seen = ++_seen;
        return true;
    }

    /// <returns>The path under which this content was published with this modification time; null when it never was.</returns>
    public string? FindContent(UInt128 content, long modifiedTicks) =>
        _pathByContent.TryGetValue(content, out var path) && _published.TryGetValue(path, out var known)
        && known.Version.ModifiedTicks == modifiedTicks
            ? path
            : null;

    public void Remember(string path, FileVersion version, UInt128 content)
    {
        var published = new PublishedFile(version, content);
        Set(path, published);
        _journal.Append(published.ToLine(path));
        if (_journal.Lines > (2 * _published.Count) + LeastGone)
        {
            _journal.Rewrite(Lines());
        }
    }

    public void Forget(string path)
    {
        if (_published.Remove(path, out var known) && _pathByContent.GetValueOrDefault(known.Content) == path)
        {
            _pathByContent.Remove(known.Content);
        }
    }

    /// <summary>Forgets the files that have been gone for longest, so that neither memory nor state grows with the days.</summary>
    /// <param name="present">Published files that exist now.</param>
    public void Trim(int present)
    {
        _mostPresent = Math.Max(_mostPresent, present);
        var limit = Math.Max(LeastGone, _mostPresent);
        if (_published.Count <= present + limit)
        {
            return;
        }

        // A tenth more, so that this does not happen at every scan.
        var tooMany = _published.Count - present - limit + (limit / 10);
        foreach (var (path, _) in _published.OrderBy(e => e.Value.Seen).Take(tooMany).ToArray())
        {
            Forget(path);
        }

        _journal.Rewrite(Lines());
    }

    public void Dispose() => _journal.Dispose();

    private void Set(string path, PublishedFile published)
    {
        Forget(path);
        published.Seen = ++_seen;
        _published[path] = published;
        if (published.Content != 0)
        {
            _pathByContent[published.Content] = path;
        }
    }

    // The order on disk keeps the order of Seen.
    private IEnumerable<string> Lines() => _published.OrderBy(e => e.Value.Seen).Select(e => e.Value.ToLine(e.Key));
}
