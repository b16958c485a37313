namespace PartsWorker.Client.Tests.Support;

/// <summary>A broker in memory: takes what a test lets it take, and records the order.</summary>
internal sealed class ListSender : IOrderedSender
{
    private readonly Lock _gate = new();
    private readonly List<ImageReference> _arrived = [];

    /// <summary>How many of a window are taken before the broker is gone; null takes all.</summary>
    public Func<int, int?> TakeOf { get; set; } = _ => null;

    public IReadOnlyList<ImageReference> Arrived
    {
        get
        {
            lock (_gate)
            {
                return _arrived.ToArray();
            }
        }
    }

    public Task<SendOutcome> SendAsync(IReadOnlyList<SpoolRecord> window, CancellationToken ct)
    {
        var taken = TakeOf(window.Count) ?? window.Count;
        lock (_gate)
        {
            _arrived.AddRange(window.Take(taken).Select(r => r.Reference));
        }

        return Task.FromResult(new SendOutcome(taken, taken < window.Count ? "broker away" : null));
    }
}
