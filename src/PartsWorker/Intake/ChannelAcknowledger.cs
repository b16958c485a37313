using System.Threading.Channels;
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

    // Signals that tags were settled: two writes may be read as one, and each read drains every tag. Completed by End.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _settled;

    public bool IsLost => !channel.IsOpen;

    /// <summary>Deliveries settled so far; received minus settled is outstanding.</summary>
    public long SettledCount => Interlocked.Read(ref _settled);

    public void Settled(ulong tag)
    {
        lock (_window)
        {
            _window.Settled(tag);
        }

        Interlocked.Increment(ref _settled);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>
    /// Writes acknowledgements until <see cref="End"/>, then the remaining ones, and returns. Throws when the channel breaks.
    /// </summary>
    public async Task WriteAsync(CancellationToken lost)
    {
        while (await _wake.Reader.WaitToReadAsync(lost))
        {
            _wake.Reader.TryRead(out _);
            lock (_window)
            {
                _window.Drain(_out);
            }

            foreach (var (tag, multiple) in _out)
            {
                // A write to a dead socket would block forever (RabbitMQ.Client issue 1930); the caller tears the connection down.
                await channel.BasicAckAsync(tag, multiple, CancellationToken.None).AsTask().WaitAsync(timeout, lost);
            }

            _out.Clear();
        }
    }

    public void End() => _wake.Writer.TryComplete();
}
