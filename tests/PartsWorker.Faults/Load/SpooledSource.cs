using PartsWorker.Client;
using PartsWorker.Harness.Load;

namespace PartsWorker.Faults.Load;

/// <summary>
/// Publishes as a camera does: references go through a spool on disk. Bodies that are not references are published directly.
/// </summary>
internal sealed class SpooledSource : IAsyncDisposable
{
    private readonly SpooledPublisher _spool;
    private readonly RawFeeder _raw;

    public SpooledSource(string rabbitMq, string folder)
    {
        _spool = SpooledPublisher.Open(new SpoolOptions { Directory = folder }, new PublisherOptions { ConnectionString = rabbitMq });
        _raw = new RawFeeder(rabbitMq);
    }

    /// <summary>References in the spool or sent so far; each must become a row.</summary>
    public int Spooled { get; private set; }

    /// <param name="messages">The messages, in order.</param>
    /// <param name="pace">Awaited before each message, with the number of rows that those before it must make.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task PublishAsync(IReadOnlyList<PlannedMessage> messages, Func<int, Task> pace, CancellationToken cancellationToken)
    {
        var raw = messages.Where(message => !message.Expected.RowAllowed).ToArray();
        var good = messages.Where(message => message.Expected.RowAllowed).ToArray();
        var direct = _raw.PublishAsync(raw, sent => pace(sent * good.Length / raw.Length), cancellationToken);
        foreach (var (number, message) in good.Index())
        {
            await pace(number);
            await _spool.PublishAsync(
                ImageReferenceCodec.Decode(message.Body, message.ContentType, headers: null), cancellationToken: cancellationToken);
            Spooled++;
        }

        await direct;
        await _spool.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _spool.DisposeAsync();
        await _raw.DisposeAsync();
    }
}
