namespace PartsWorker.Faults.Cluster;

/// <summary>A small tmpfs that can be filled.</summary>
internal sealed class SmallDisk(string folder)
{
    private string Filler => Path.Combine(folder, "filler");

    /// <param name="leaveMiB">MiB that stay free; 0 fills the disk to the last byte.</param>
    public void Fill(int leaveMiB)
    {
        const int MiB = 1024 * 1024;
        var zeros = new byte[MiB];
        var disk = new DriveInfo(folder);
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (leaveMiB == 0 || disk.AvailableFreeSpace > (long)leaveMiB * MiB)
            {
                filler.Write(zeros);
            }
        }
        catch (IOException)
        {
            // The disk is full, as intended.
        }
    }

    public void Free() => File.Delete(Filler);
}
