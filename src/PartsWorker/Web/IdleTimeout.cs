namespace PartsWorker.Web;

/// <summary>
/// Cancels when a host is silent for too long, or when the caller cancels. Restarted before each step: connect, first byte, next bytes.
/// </summary>
internal sealed class IdleTimeout : IDisposable
{
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _limit;

    public IdleTimeout(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _limit = limit;
        _silence = new(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, caller);
    }

    public CancellationToken Token => _either.Token;

    public string Message => $"no answer for {_limit.TotalSeconds:0.#} s (Images:ReadTimeout)";

    public void Restart() => _silence.CancelAfter(_limit);

    public void Dispose()
    {
        _either.Dispose();
        _silence.Dispose();
    }
}
