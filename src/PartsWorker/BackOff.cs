namespace PartsWorker;

/// <summary>0.5 s doubling up to a limit, each pause half to all of that, so that a room full of workers does not return in step.</summary>
internal sealed class BackOff(TimeSpan limit)
{
    private int _attempts;

    public void Reset() => _attempts = 0;

    /// <summary>Returns early and without error when cancelled: the caller's loop looks at its token.</summary>
    public async Task PauseAsync(TimeProvider time, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromSeconds(0.5 * Math.Pow(2, Math.Min(_attempts++, 10)));
        pause = (pause < limit ? pause : limit) * (0.5 + (Random.Shared.NextDouble() / 2));
        await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
