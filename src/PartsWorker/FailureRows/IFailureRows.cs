namespace PartsWorker.FailureRows;

/// <summary>Writes what happened to a failed message; faked in tests.</summary>
internal interface IFailureRows
{
    /// <summary>Returns when the row is committed. Writing the same failure again is harmless.</summary>
    /// <exception cref="OperationCanceledException">The wait was aborted; the row may be missing.</exception>
    Task WriteAsync(FailureRow row, CancellationToken abort);
}
