using Microsoft.Extensions.Logging;

namespace PartsWorker.Pipeline;

/// <summary>Event ids 200..299.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(200, LogLevel.Warning, "The {Dependency} is down; the intake pauses until it responds: {Reason}")]
    public static partial void DependencyDown(this ILogger log, string dependency, string reason);

    [LoggerMessage(201, LogLevel.Information, "The {Dependency} responds again")]
    public static partial void DependencyUp(this ILogger log, string dependency);

    [LoggerMessage(202, LogLevel.Warning, "Shadow model {Model} failed on image {ImageId}; the image's main row is not affected: {Reason}")]
    public static partial void ShadowFailed(this ILogger log, Guid imageId, string model, string reason);

    [LoggerMessage(204, LogLevel.Information, "Stopping: finishing the parts in progress within {Limit}")]
    public static partial void Stopping(this ILogger log, TimeSpan limit);

    [LoggerMessage(205, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(206, LogLevel.Critical, "The pipeline failed; the process exits: {Reason}")]
    public static partial void Failed(this ILogger log, string reason, Exception error);

    [LoggerMessage(207, LogLevel.Error, "Internal error while loading image {ImageId}; please report it with this stack trace")]
    public static partial void InternalError(this ILogger log, string imageId, Exception error);

    [LoggerMessage(208, LogLevel.Warning, "The failure of image {ImageId} has no row in the database; its message is safe: {Reason}")]
    public static partial void FailureNotRecorded(this ILogger log, string imageId, string reason);

    [LoggerMessage(
        209, LogLevel.Information,
        "Last minute: {Stored} rows stored ({Rate}/s), {Retried} messages retried, {Dead} dead; waiting: {Waiting}")]
    public static partial void LastMinute(this ILogger log, long stored, string rate, long retried, long dead, string waiting);

    [LoggerMessage(
        210, LogLevel.Information, "Totals of {Running}: {Stored} rows stored, {Retried} messages retried, {Dead} dead")]
    public static partial void Totals(this ILogger log, TimeSpan running, long stored, long retried, long dead);

    [LoggerMessage(211, LogLevel.Debug, "Could not read or record the depth of the queues: {Reason}")]
    public static partial void QueueDepthsNotRecorded(this ILogger log, string reason);
}
