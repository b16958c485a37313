namespace PartsWorker.Client;

/// <summary>
/// Exponential back-off: 0.5 s, doubling up to a limit, each pause a random half to all of that,
/// so that many processes do not reconnect at the same moment.
/// </summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);

    /// <param name="failures">Failed attempts in a row, from 1.</param>
    /// <param name="limit">Longest pause.</param>
    public static TimeSpan After(int failures, TimeSpan limit)
    {
        var full = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return (full < limit ? full : limit) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>Returns early and without error when cancelled: the caller checks its token.</summary>
    public static async Task PauseAsync(int failures, TimeSpan limit, TimeProvider time, CancellationToken cancellation) =>
        await Task.Delay(After(failures, limit), time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
