using Microsoft.Extensions.Time.Testing;

namespace PartsWorker.Tests.Support;

/// <summary>Time that moves only when a test advances it, and that knows how many timers wait for it to move.</summary>
internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 6, 0, 0, TimeSpan.Zero))
{
    private int _waiting;

    /// <summary>One-shot timers that are due some time in the future.</summary>
    public int WaitingTimers => Volatile.Read(ref _waiting);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this);
        var inner = base.CreateTimer(
            _ =>
            {
                timer.Arm(false);
                callback(state);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Attach(inner);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(ManualTime time) : ITimer
    {
        private ITimer? _inner;
        private bool _armed;

        public void Attach(ITimer inner) => _inner = inner;

        public void Arm(bool armed)
        {
            if (Interlocked.Exchange(ref _armed, armed) != armed)
            {
                Interlocked.Add(ref time._waiting, armed ? 1 : -1);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Arm(dueTime != Timeout.InfiniteTimeSpan);
            return _inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Arm(false);
            _inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
