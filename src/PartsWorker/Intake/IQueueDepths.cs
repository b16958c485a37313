namespace PartsWorker.Intake;

/// <summary>What waits in the queues of the broker; faked in tests.</summary>
internal interface IQueueDepths
{
    /// <returns>All queues of the topology; null while the broker is away or does not answer.</returns>
    Task<IReadOnlyList<QueueDepth>?> ReadDepthsAsync(CancellationToken cancellation);
}

/// <param name="Queue">Name.</param>
/// <param name="Messages">Messages that no consumer holds.</param>
/// <param name="Consumers">Connected consumers.</param>
internal sealed record QueueDepth(string Queue, long Messages, long Consumers);
