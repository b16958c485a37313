using PartsWorker.Harness.Load;

namespace PartsWorker.Faults.Load;

/// <summary>One message of a run, and where it must end.</summary>
internal sealed record PlannedMessage(Guid Id, byte[] Body, string RoutingKey, Expectation Expected) : RawMessage(Id, Body, RoutingKey)
{
    /// <summary>The image id of the row; null if the body contains none.</summary>
    public Guid? ImageId { get; init; }
}
