using System.Threading.Channels;

namespace PartsWorker;

/// <summary>Something changed, look again. Many may set it, one waits; setting it twice is setting it once.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _pulse = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _pulse.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _pulse.Reader.ReadAsync(cancellation);
}
