using PartsWorker.Pipeline.Scheduling;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>
/// The only writer of acknowledgements on one channel. It belongs to one connection generation: once that is lost, tags are dropped
/// and the broker redelivers, which the idempotent write makes harmless.
/// </summary>
internal sealed class ChannelAcknowledger(IChannel channel, TimeSpan timeout) : IAcknowledger
{
    private readonly AckWindow _window = new();
    private readonly List<(ulong Tag, bool Multiple)> _out = [];
    private readonly WakeSignal _wake = new();
    private long _settled;
    private bool _ended;

    public bool IsLost => !channel.IsOpen;

    /// <summary>Deliveries settled so far; with those received it tells how many are in hand.</summary>
    public long SettledCount => Interlocked.Read(ref _settled);

    public void Settled(ulong tag)
    {
        lock (_window)
        {
            _window.Settled(tag);
        }

        Interlocked.Increment(ref _settled);
        _wake.Set();
    }

    /// <summary>Writes until <see cref="End"/>, then what is left, then returns. Throws when the channel breaks.</summary>
    public async Task WriteAsync(CancellationToken lost)
    {
        bool ended;
        do
        {
            await _wake.WaitAsync(lost);
            lock (_window)
            {
                ended = _ended;
                _window.Drain(_out);
            }

            foreach (var (tag, multiple) in _out)
            {
                // A dead socket writer would block for ever (RabbitMQ.Client issue 1930); the caller tears the connection down.
                await channel.BasicAckAsync(tag, multiple, CancellationToken.None).AsTask().WaitAsync(timeout, lost);
            }

            _out.Clear();
        }
        while (!ended);
    }

    public void End()
    {
        lock (_window)
        {
            _ended = true;
        }

        _wake.Set();
    }
}
