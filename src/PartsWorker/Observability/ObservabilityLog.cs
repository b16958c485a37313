using Microsoft.Extensions.Logging;

namespace PartsWorker.Observability;

/// <summary>Event ids 500..599.</summary>
internal static partial class ObservabilityLog
{
    [LoggerMessage(500, LogLevel.Information, "Health endpoint listening at {Address}")]
    public static partial void HealthAt(this ILogger log, string address);

    [LoggerMessage(502, LogLevel.Warning, "Database check failed, trying again every {Pause}: {Reason}")]
    public static partial void DatabaseCheckFailed(this ILogger log, TimeSpan pause, string reason);

    [LoggerMessage(503, LogLevel.Information, "Database check passed")]
    public static partial void DatabaseCheckPassed(this ILogger log);
}
