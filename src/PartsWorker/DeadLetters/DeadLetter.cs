using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.DeadLetters;

/// <summary>One message that failed for good, as it is in the queue. It stays in the queue, unacknowledged, until it is removed.</summary>
/// <param name="Tag">Delivery tag on the channel that holds it.</param>
/// <param name="ImageId">From the body or the message id; null when neither can be read.</param>
/// <param name="Reason">Kind of failure in kebab-case, or the broker's own reason such as <c>delivery-limit</c>.</param>
/// <param name="Stage">Stage that failed; null when the broker dead-lettered the message.</param>
/// <param name="Error">One line of explanation; null when the broker dead-lettered the message.</param>
/// <param name="Attempts">Number of attempts by workers.</param>
/// <param name="FirstSeen">When a worker first received it, else when it was published or dead-lettered; null when unknown.</param>
/// <param name="Lane">Lane that it came from and is replayed to.</param>
/// <param name="Line">Production line, from the routing key.</param>
/// <param name="Camera">Camera, from the routing key.</param>
/// <param name="RoutingKey">As published.</param>
/// <param name="Properties">All properties of the message.</param>
/// <param name="Body">The body, whether it can be decoded or not.</param>
internal sealed record DeadLetter(
    ulong Tag, Guid? ImageId, string Reason, string? Stage, string? Error, int Attempts, DateTimeOffset? FirstSeen,
    Lane Lane, string? Line, string? Camera, string RoutingKey, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>Reference of the image; null when the body cannot be read.</summary>
    public string? Uri { get; init; }
}
