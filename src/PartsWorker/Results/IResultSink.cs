namespace PartsWorker.Results;

/// <summary>Where results go: PostgreSQL, or memory in tests.</summary>
internal interface IResultSink
{
    /// <summary>Returns when every row is durable or refused for good; rows that already exist stay as they are.</summary>
    /// <param name="rows">The caller's again when this returns or throws.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The refused rows by their place in <paramref name="rows"/>.</returns>
    /// <exception cref="Failures.PartFailureException">The store as a whole failed; writing all rows again is harmless.</exception>
    Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken);
}
