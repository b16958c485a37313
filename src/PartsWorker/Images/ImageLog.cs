using Microsoft.Extensions.Logging;

namespace PartsWorker.Images;

/// <summary>Log events 2000 to 2099.</summary>
internal static partial class ImageLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Fetch attempt {Attempt} failed, next in {Delay}: {Reason}")]
    public static partial void Retrying(ILogger logger, int attempt, TimeSpan delay, string reason);
}
