using System.Security.Cryptography;
using System.Text;

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

    // The attempt counts: the next attempt of the same message is another copy.
    private static string KeyOf(Delivery delivery)
    {
        var head = Encoding.UTF8.GetBytes($"{delivery.Attempts} {delivery.MessageId?.Length} {delivery.MessageId}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(delivery.Body.Span);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
