using Microsoft.Extensions.Logging;

namespace PartsWorker.Results;

internal static partial class ResultsLog
{
    [LoggerMessage(400, LogLevel.Warning, "Writing results failed, try {Attempt} follows: {Reason}")]
    public static partial void StoreRetried(ILogger log, int attempt, string reason);
}
