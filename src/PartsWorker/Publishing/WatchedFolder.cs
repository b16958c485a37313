using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>One folder below a watched root: what its last listing showed, and when it is due again.</summary>
internal sealed class WatchedFolder(string path, string root)
{
    // Coarse file systems (FAT: 2 s) show no second change within the same step.
    private static readonly TimeSpan CoarsestTime = TimeSpan.FromSeconds(3);

    private DiskStatus? _listed;

    public string Path => path;

    public string Root => root;

    /// <summary>Full paths of its subfolders.</summary>
    public IReadOnlyList<string> Folders { get; private set; } = [];

    /// <summary>Images in it.</summary>
    public int Files { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Timestamp before which its names are not listed again.</summary>
    public long NextList { get; set; }

    /// <summary>Timestamp before which not every file in it is looked at again.</summary>
    public long NextCheck { get; set; }

    /// <summary>The scan that visited it last.</summary>
    public long Scan { get; set; }

    /// <summary>Whether the path leads to another folder than before: a file system was mounted or unmounted, or it was replaced.</summary>
    public bool IsReplaced(DiskStatus now) => _listed is { } before && (before.Device, before.Inode) != (now.Device, now.Inode);

    public bool MayHaveNewNames(DiskStatus now) => _listed?.Modified != now.Modified;

    /// <param name="listing">Its content.</param>
    /// <param name="before">Its status before it was listed.</param>
    /// <param name="now">The time of the listing.</param>
    public void Keep(FolderListing listing, DiskStatus before, DateTimeOffset now)
    {
        (Folders, Files, Skipped) = (listing.Folders, listing.Files.Count, listing.Skipped);
        _listed = now.UtcDateTime - before.Modified > CoarsestTime ? before : before with { Modified = default };
    }
}
