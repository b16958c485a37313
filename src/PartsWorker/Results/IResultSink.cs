namespace PartsWorker.Results;

/// <summary>Where results go: PostgreSQL, or memory in tests.</summary>
internal interface IResultSink
{
    /// <summary>Returns when every row is durable or permanently refused; rows that already exist stay as they are.</summary>
    /// <param name="rows">The caller may reuse the list when this returns or throws.</param>
    /// <param name="cancellationToken">Abandons the write.</param>
    /// <returns>The refused rows by their index in <paramref name="rows"/>.</returns>
    /// <exception cref="Failures.PartFailureException">The store failed as a whole; writing all rows again is harmless.</exception>
    Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken);
}
