namespace PartsWorker.Database;

/// <summary>Tries whether the database would take results; a fake in tests.</summary>
internal interface IDatabaseProbe
{
    /// <summary>Returns when it would. Any exception says why not; <see cref="PostgresFaults.Describe"/> puts it into one line.</summary>
    Task ProbeAsync(CancellationToken cancellation);
}
