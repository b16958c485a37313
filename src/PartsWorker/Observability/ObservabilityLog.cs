using Microsoft.Extensions.Logging;

namespace PartsWorker.Observability;

/// <summary>Event ids 500..599.</summary>
internal static partial class ObservabilityLog
{
    [LoggerMessage(500, LogLevel.Information, "Health answers at {Address}")]
    public static partial void HealthAt(this ILogger log, string address);

    [LoggerMessage(501, LogLevel.Warning, "systemd does not hear '{State}' on NOTIFY_SOCKET: {Reason}")]
    public static partial void SystemdDeaf(this ILogger log, string state, string reason);
}
