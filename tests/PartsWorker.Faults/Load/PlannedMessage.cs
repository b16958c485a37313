using PartsWorker.Harness.Feeding;

namespace PartsWorker.Faults.Load;

/// <summary>One message of a run, and where it must end.</summary>
internal sealed record PlannedMessage(Guid Id, byte[] Body, string RoutingKey, Expectation Expected) : RawMessage(Id, Body, RoutingKey)
{
    /// <summary>The image id a row will carry; null when the body names none.</summary>
    public Guid? ImageId { get; init; }
}
