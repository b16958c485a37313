using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Reprocessing;

/// <summary>Section <c>Reprocess</c>: how images are published to be classified again.</summary>
internal sealed class ReprocessOptions
{
    public const string Section = "Reprocess";

    /// <summary>
    /// References published and not yet classified, 100 to 1000000; default 5000. It bounds the queue, and the work that is left when a
    /// run is stopped.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MaxOutstanding { get; set; } = 5000;

    /// <summary>References per page, 1 to 4096; default 200. A killed run publishes at most this many again, which adds no row.</summary>
    [Range(1, 4096)]
    public int PageSize { get; set; } = 200;

    /// <summary>How often the rows are counted, 0.1 s to 1 min; default 1 s. Counting takes at most a tenth of the time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the run waits without a new row before it gives up, 1 s to 1 d; default 10 min: longer than the slowest delayed retry.
    /// Images that can no longer be read never get a row. They do not hold up the rest of the run, and after this time the same command
    /// publishes them again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(10);
}
