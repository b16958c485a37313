using System.Threading.Channels;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>An async auto-reset event: many threads set it, one waits. Setting it twice before the wait wakes the waiter once.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _pulse = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _pulse.Writer.TryWrite(true);

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellation) => await _pulse.Reader.ReadAsync(cancellation);
}
