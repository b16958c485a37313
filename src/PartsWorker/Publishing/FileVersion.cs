using System.Runtime.InteropServices;
using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>Distinguishes a changed file from an unchanged one without reading it.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="ModifiedTicks">Modification time, which its writer may set.</param>
/// <param name="ChangedTicks">
/// Change time of the file system, which no program can set: content of the same length under the same modification time, as cameras
/// without a clock write it, still differs here. 0 where it was not recorded.
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileVersion(long Length, long ModifiedTicks, long ChangedTicks)
{
    public static FileVersion Of(DiskStatus file) => new(file.Length, file.Modified.Ticks, file.Changed.Ticks);

    public bool IsSame(FileVersion other) =>
        (Length, ModifiedTicks) == (other.Length, other.ModifiedTicks)
        && (ChangedTicks == other.ChangedTicks || ChangedTicks == 0 || other.ChangedTicks == 0);
}
