namespace PartsWorker.Results;

/// <summary>Where results are published: RabbitMQ, or memory in tests.</summary>
internal interface IResultEvents
{
    /// <summary>Returns when the broker has confirmed an event for every row that exists. Each event repeats what its row holds.</summary>
    /// <param name="rows">Committed rows; a row without <see cref="ResultRow.StoredAt"/> is read back.</param>
    /// <param name="cancellationToken">Abandons the wait; events may still arrive.</param>
    /// <exception cref="ResultEventsException">The broker or the database failed; publishing all of them again is harmless.</exception>
    Task PublishAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken);
}

/// <summary>Events were not published or not confirmed. The message is one line: what is wrong and what to check.</summary>
internal sealed class ResultEventsException(string message, Exception inner) : Exception(message, inner);
