using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;

namespace PartsWorker.Intake;

/// <summary>
/// The last failed messages whose copy the broker has confirmed. When the connection is lost before the acknowledgement arrives, the broker
/// delivers the original again; it fails again, and without this record each reconnect would add one more copy of it.
/// Copies that another worker forwarded are unknown here: after a worker is killed a copy can still repeat, but none is lost.
/// </summary>
internal sealed class ForwardedCopies
{
    // More than both lanes can have outstanding; about 100 bytes each.
    private const int Capacity = 16384;
    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _order = [];

    public void Remember(Delivery delivery)
    {
        var key = KeyOf(delivery);
        lock (_known)
        {
            if (_known.Add(key))
            {
                _order.Enqueue(key);
            }

            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>True only for deliveries that the broker marks as redelivered: two equal messages of a publisher stay two.</summary>
    public bool Contains(Delivery delivery)
    {
        if (!delivery.Redelivered)
        {
            return false;
        }

        lock (_known)
        {
            return _known.Contains(KeyOf(delivery));
        }
    }

    // A copy that comes back from a retry queue or a replay, and a message that its publisher sends again, must be forwarded if they fail:
    // they have another copy id or another time of publishing. A redelivery keeps both.
    private static string KeyOf(Delivery delivery)
    {
        string?[] parts =
        [
            $"{delivery.Attempts}", delivery.MessageId, TextOf(delivery, PartsHeaders.Copy), TextOf(delivery, PartsHeaders.PublishedAt),
        ];
        var head = Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part?.Length} {part} ")));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(delivery.Body.Span);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static string? TextOf(Delivery delivery, string header) => delivery.Headers?.TryGetValue(header, out var value) != true ? null
        : value is byte[] bytes ? Encoding.UTF8.GetString(bytes)
        : value?.ToString();
}
