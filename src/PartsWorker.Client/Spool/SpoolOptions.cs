using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Client;

/// <summary>The folder in which references wait until the broker confirms them, and its limits.</summary>
public sealed class SpoolOptions
{
    /// <summary>Folder of the spool, on a local disk; one process at a time. Created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes on disk, 1 MiB to 1 TiB. Default 1 GiB: about three million references. When full, publishing fails.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// True: every reference is on disk before publishing returns (some ms each). False: the operating system has it, so that it survives a
    /// killed process, and writes it to disk within a second; a power failure may lose that second. Default false.
    /// </summary>
    public bool SyncEach { get; init; }

    /// <summary>Receives one line when the connection is lost, when it is back, or when a spool file is damaged. Default: none.</summary>
    public Action<string>? Notice { get; init; }

    // At least eight segments, so that a half-sent one occupies little of the space.
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
