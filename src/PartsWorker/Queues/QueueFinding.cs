namespace PartsWorker.Queues;

internal enum QueueState
{
    Right,
    Missing,
    Differs,

    /// <summary>The user may not declare, so that the broker does not compare.</summary>
    NotCompared,
}

/// <param name="Kind"><c>queue</c> or <c>exchange</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">How it compares with what the worker needs.</param>
/// <param name="Detail">What differs and the remedy; otherwise empty.</param>
/// <param name="Messages">Messages ready in the queue.</param>
/// <param name="Consumers">Consumers of the queue.</param>
internal sealed record QueueFinding(string Kind, string Name, QueueState State, string Detail, uint Messages, uint Consumers);
