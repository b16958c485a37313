namespace PartsWorker.Database;

/// <summary>Checks whether the database can store results; faked in tests.</summary>
internal interface IDatabaseProbe
{
    /// <summary>
    /// Returns when it can. Any exception is the reason why not; <see cref="PostgresFaults.Describe"/> turns it into one line.
    /// </summary>
    Task ProbeAsync(CancellationToken cancellation);
}
