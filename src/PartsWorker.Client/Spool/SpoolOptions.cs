using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Client;

/// <summary>Where references wait on disk while the broker is away, and how much room they may take.</summary>
public sealed class SpoolOptions
{
    /// <summary>Folder of the spool, on a local disk; one process at a time. Created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes on disk, 1 MiB to 1 TiB. Default 1 GiB, about three million references. When full, publishing fails; nothing is dropped.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// True: every reference is on the platter before publishing returns (some ms each). False: it is with the operating system, which
    /// survives a killed process, and on the platter within a second; a power cut may take that second. Default false.
    /// </summary>
    public bool SyncEach { get; init; }

    /// <summary>Receives one line when the broker goes away, comes back, or a spool file is damaged. Default: none.</summary>
    public Action<string>? Notice { get; init; }

    // Eight segments at least, so that one half-sent segment never holds back much of the room.
    internal long SegmentBytes => Math.Min(8L << 20, MaxBytes / 8);

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            throw new ArgumentException("SpoolOptions.Directory is empty");
        }

        if (MaxBytes is < (1L << 20) or > (1L << 40))
        {
            throw new ArgumentException("SpoolOptions.MaxBytes must be 1 MiB to 1 TiB");
        }
    }
}
