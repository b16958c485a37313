using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>Something changed, look again. Many may set it, one waits; setting it twice is setting it once.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _pulse = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _pulse.Writer.TryWrite(true);

    /// <exception cref="OperationCanceledException">The token fired.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        // The token wakes the reader instead of being read with: only a read without one uses its memory again.
        await using (cancellation.UnsafeRegister(static signal => ((WakeSignal)signal!).Set(), this))
        {
            await _pulse.Reader.ReadAsync(CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
