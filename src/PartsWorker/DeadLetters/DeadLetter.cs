using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.DeadLetters;

/// <summary>One message that nobody could judge, as it lies in the queue. It is held, not taken, until it is settled.</summary>
/// <param name="Tag">Delivery tag on the holding channel.</param>
/// <param name="ImageId">From the body or the message id; null when neither can be read.</param>
/// <param name="Reason">Kind of failure in kebab-case, or the broker's own reason such as <c>delivery-limit</c>.</param>
/// <param name="Stage">Stage that gave up; null when the broker did.</param>
/// <param name="Error">One line of explanation; null when the broker gave up.</param>
/// <param name="Attempts">How often a worker tried.</param>
/// <param name="FirstSeen">When a worker first saw it, else when it was published or died; null when nothing says.</param>
/// <param name="Lane">Lane it came from and goes back to.</param>
/// <param name="Line">Production line, from the routing key.</param>
/// <param name="Camera">Camera, from the routing key.</param>
/// <param name="RoutingKey">As published.</param>
/// <param name="Properties">Everything the message came with.</param>
/// <param name="Body">The message itself, readable or not.</param>
internal sealed record DeadLetter(
    ulong Tag, Guid? ImageId, string Reason, string? Stage, string? Error, int Attempts, DateTimeOffset? FirstSeen,
    Lane Lane, string? Line, string? Camera, string RoutingKey, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body);
