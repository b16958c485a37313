using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Results;

/// <summary>Section <c>Results</c>: how results are written to PostgreSQL.</summary>
internal sealed class ResultsOptions
{
    public const string Section = "Results";

    /// <summary>
    /// Longest one batch may take to be written, 1 s to 5 min; default 15 s. A batch takes milliseconds: what takes longer is a database in trouble,
    /// and the intake should pause rather than wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Tries after the first one, 0 to 10; default 3. Enough for a deadlock or a failover blip; a longer outage pauses the intake instead.</summary>
    [Range(0, 10)]
    public int RetryAttempts { get; set; } = 3;

    /// <summary>Delay before the first new try, 10 ms to 10 s; default 100 ms. It doubles, with jitter, up to 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);
}
