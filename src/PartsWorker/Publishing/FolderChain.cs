using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>The folders above a folder: a link to one of them would be followed in a circle.</summary>
internal sealed record FolderChain(DiskStatus? Folder = null, FolderChain? Above = null)
{
    public FolderChain Below(DiskStatus folder) => new(folder, this);

    public bool Contains(DiskStatus folder)
    {
        for (var at = this; at.Folder is { } above; at = at.Above!)
        {
            // 0: this system does not number its files.
            if (folder.Inode != 0 && (above.Device, above.Inode) == (folder.Device, folder.Inode))
            {
                return true;
            }
        }

        return false;
    }
}
