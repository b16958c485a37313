namespace PartsWorker.Results;

/// <summary>Where results are published: RabbitMQ, or memory in tests.</summary>
internal interface IResultEvents
{
    /// <summary>Returns when the broker has confirmed an event for every row that exists. Each event repeats what its row holds.</summary>
    /// <param name="due">Keys of committed rows.</param>
    /// <param name="cancellationToken">Abandons the wait; events may still arrive.</param>
    /// <exception cref="ResultEventsException">The broker or the database failed; publishing all of them again is harmless.</exception>
    Task PublishAsync(IReadOnlyList<DueEvent> due, CancellationToken cancellationToken);
}

/// <summary>An event that is due for a committed row.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CapturedAt">When it was taken, in whole microseconds.</param>
/// <param name="ModelKey"><c>name@version</c> of the model of the row.</param>
/// <param name="PublishedAt">When the reference was published, if the message says so.</param>
internal sealed record DueEvent(Guid ImageId, DateTimeOffset CapturedAt, string ModelKey, DateTimeOffset? PublishedAt)
{
    public (Guid ImageId, DateTimeOffset CapturedAt, string ModelKey) Key => (ImageId, CapturedAt, ModelKey);
}

/// <summary>Events were not published or not confirmed. The message is one line: what is wrong and what to check.</summary>
internal sealed class ResultEventsException(string message, Exception inner) : Exception(message, inner);
