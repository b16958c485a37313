using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Results;

/// <summary>Section <c>Results</c>: how results are written to PostgreSQL, and whether they are published.</summary>
internal sealed class ResultsOptions : IValidatableObject
{
    public const string Section = "Results";

    /// <summary>
    /// Longest time to write one batch, 1 s to 5 min; default 15 s. A batch normally takes milliseconds; when it takes longer the database
    /// is in trouble, and the intake should pause rather than wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Retries after the first try, 0 to 10; default 3: enough for a deadlock or a failover; a longer outage pauses the intake.
    /// </summary>
    [Range(0, 10)]
    public int RetryAttempts { get; set; } = 3;

    /// <summary>Delay before the first retry, 10 ms to 10 s; default 100 ms. It doubles, with jitter, up to 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Publish each stored result as an event to the exchange <c>parts.results</c>; default false: without subscribers it only costs. The
    /// image is acknowledged once the broker has confirmed its event.
    /// </summary>
    public bool Publish { get; set; }

    /// <summary>
    /// Also publish results of reprocessing; default false: a line must not act again on a part that passed it yesterday.
    /// Needs <see cref="Publish"/>.
    /// </summary>
    public bool PublishReprocessed { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        PublishReprocessed && !Publish ? [new ValidationResult("PublishReprocessed needs Results:Publish=true.")] : [];
}
