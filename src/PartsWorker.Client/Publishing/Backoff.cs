namespace PartsWorker.Client;

/// <summary>Doubling waits up to 5 s, each cut by a random half, so that a plant full of cameras does not return in step.</summary>
internal static class Backoff
{
    public static TimeSpan After(int failures)
    {
        var full = Math.Min(5_000, 100 * Math.Pow(2, Math.Clamp(failures, 0, 10)));

        // Spreading load, not secrets.
#pragma warning disable CA5394
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }
}
