using System.Threading.Channels;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>An async auto-reset signal: something changed, look again. Many set it, one waits; set twice is set once.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _pulse = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _pulse.Writer.TryWrite(true);

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask WaitAsync(CancellationToken cancellation) => await _pulse.Reader.ReadAsync(cancellation);
}
