namespace PartsWorker.Pipeline;

/// <summary>
/// A dependency that every part needs (database, image storage). It opens after <paramref name="threshold"/> failures in a row; while it is
/// open everybody waits a growing, jittered pause before trying again, and no attempt of any part is counted.
/// </summary>
internal sealed class Circuit(string name, int threshold, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private int _failures;

    public string Name { get; } = name;

    public bool IsOpen => Volatile.Read(ref _failures) >= threshold;

    /// <summary>The last failure while open, one line; null when closed.</summary>
    public string? Reason { get; private set; }

    /// <returns>True when this success closed an open circuit.</returns>
    public bool Succeeded()
    {
        Reason = null;
        return Interlocked.Exchange(ref _failures, 0) >= threshold;
    }

    /// <returns>True when this failure opened the circuit.</returns>
    public bool Failed(string reason)
    {
        var failures = Interlocked.Increment(ref _failures);
        Reason = failures >= threshold ? reason : null;
        return failures == threshold;
    }

    /// <summary>Returns at once while closed; otherwise after 0.5 s doubling to 15 s, each time half to all of it.</summary>
    public Task PauseAsync(CancellationToken cancellation)
    {
        var beyond = Volatile.Read(ref _failures) - threshold;
        if (beyond < 0)
        {
            return Task.CompletedTask;
        }

        var limit = TimeSpan.FromSeconds(0.5 * Math.Pow(2, Math.Min(beyond, 5)));
        var pause = (limit < Longest ? limit : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
        return Task.Delay(pause, time, cancellation);
    }
}
