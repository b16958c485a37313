namespace PartsWorker.Database;

/// <summary>
/// Calls into the driver that return within a limit even if the network is half-open. Npgsql cancels a statement over a second connection
/// and waits without a limit for the server to close it, inside the token's callback (10.0, <c>NpgsqlConnector.DoCancelRequest</c>): on a
/// half-open network neither the statement nor the caller of <c>Cancel</c> would ever return.
/// </summary>
internal static class BoundedCall
{
    // Time for a statement to cancel; one that does not is abandoned.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <exception cref="TimeoutException">The call took longer than the limit; it may still take effect.</exception>
    /// <exception cref="OperationCanceledException">The same, for <paramref name="cancellationToken"/>.</exception>
    public static async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        // Its own source, never disposed: an abandoned call may still read the token.
        var driver = new CancellationTokenSource();
        var working = call(driver.Token);
        try
        {
            return await working.WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception error) when (!working.IsCompleted)
        {
            _ = driver.CancelAsync();
            await ((Task)working).WaitAsync(Grace, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"no answer within {limit.TotalSeconds:0.#} s", error);
        }
    }
}
