namespace PartsWorker.Database;

/// <summary>
/// Calls into the driver that end within a limit, whatever the network does. Npgsql cancels a statement over a second connection and waits
/// without a limit for the server to close it, inside the token's callback (10.0, <c>NpgsqlConnector.DoCancelRequest</c>): behind a half-open
/// network neither the statement nor the caller of <c>Cancel</c> would ever return.
/// </summary>
internal static class BoundedCall
{
    // For a statement that can be cancelled in order; one that cannot is left to itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <exception cref="TimeoutException">The call took longer than the limit; it may still take effect.</exception>
    /// <exception cref="OperationCanceledException">The same, for <paramref name="cancellationToken"/>.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        // A source of its own, never disposed: what is left to itself still looks at it.
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
