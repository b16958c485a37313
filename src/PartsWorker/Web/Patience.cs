namespace PartsWorker.Web;

/// <summary>The time limit for one step (connect, first byte, next bytes), restarted before each, beside the caller's own cancellation.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _step;
    private readonly CancellationTokenSource _both;
    private readonly TimeSpan _limit;

    public Patience(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _limit = limit;
        _step = new(limit, time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(_step.Token, caller);
    }

    public CancellationToken Token => _both.Token;

    public string Excuse => $"no answer for {_limit.TotalSeconds:0.#} s (Images:ReadTimeout)";

    public void Restart() => _step.CancelAfter(_limit);

    public void Dispose()
    {
        _both.Dispose();
        _step.Dispose();
    }
}
