using System.Buffers;
using PartsWorker.Client;

namespace PartsWorker.Intake;

/// <summary>
/// One message as the broker delivered it, and how to settle it. The body is a copy: the library's memory is only valid inside its handler.
/// A part and its shadow share a delivery; it is acknowledged when the last of them is done, and then its pooled body is returned too.
/// </summary>
internal sealed class Delivery(IAcknowledger acknowledger, ulong tag, Lane lane, ReadOnlyMemory<byte> body, byte[]? pooled = null)
{
    private int _shares = 1;

    public Lane Lane { get; } = lane;

    /// <summary>Must not be read after <see cref="Done"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public string Exchange { get; init; } = "";

    public string Queue { get; init; } = "";

    public string RoutingKey { get; init; } = "";

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public string? MessageId { get; init; }

    /// <summary>
    /// The id of the image as logs and dead letters name it: from the body wherever it can be read there, otherwise the message id. Must
    /// not be read after <see cref="Done"/>.
    /// </summary>
    public string? ImageName => ImageIdReader.Find(Body, Headers)?.ToString() ?? MessageId;

    public IDictionary<string, object?>? Headers { get; init; }

    /// <summary>The broker has delivered it before, to this worker or another.</summary>
    public bool Redelivered { get; init; }

    /// <summary>When this worker received it.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the publisher sent it, to the millisecond or, from other publishers, the second; null where it gave no time.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Attempts before this one, from our own header: the broker's counters reset when a message is republished.</summary>
    public int Attempts => HeaderReader.Int(Headers, PartsHeaders.Attempt);

    /// <summary>The broker will deliver it again; work on it is wasted.</summary>
    public bool IsStale => acknowledger.IsLost;

    public void Share() => Interlocked.Increment(ref _shares);

    /// <summary>Settled: stored, or safely in another queue.</summary>
    public void Done()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
        {
            acknowledger.Settled(tag);
            if (pooled is not null)
            {
                ArrayPool<byte>.Shared.Return(pooled);
            }
        }
    }
}
