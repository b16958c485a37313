using Microsoft.Extensions.Logging;

namespace PartsWorker.Pipeline;

/// <summary>Event ids 200..299.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(200, LogLevel.Warning, "The {Dependency} is down, intake pauses until it answers: {Reason}")]
    public static partial void CircuitOpened(this ILogger log, string dependency, string reason);

    [LoggerMessage(201, LogLevel.Information, "The {Dependency} answers again")]
    public static partial void CircuitClosed(this ILogger log, string dependency);

    [LoggerMessage(202, LogLevel.Warning, "Shadow model {Model} failed on image {ImageId}; its live row is not touched: {Reason}")]
    public static partial void ShadowFailed(this ILogger log, Guid imageId, string model, string reason);

    [LoggerMessage(203, LogLevel.Information, "Ready: model {Model} on {Device}")]
    public static partial void Ready(this ILogger log, string model, string device);

    [LoggerMessage(204, LogLevel.Information, "Stopping: finishing what is in hand, at most {Limit}")]
    public static partial void Stopping(this ILogger log, TimeSpan limit);

    [LoggerMessage(205, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(206, LogLevel.Critical, "The pipeline failed, the process ends: {Reason}")]
    public static partial void Failed(this ILogger log, string reason, Exception error);
}
