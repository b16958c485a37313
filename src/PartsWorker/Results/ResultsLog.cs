using Microsoft.Extensions.Logging;

namespace PartsWorker.Results;

internal static partial class ResultsLog
{
    [LoggerMessage(400, LogLevel.Warning, "Could not write results, starting attempt {Attempt}: {Reason}")]
    public static partial void StoreRetried(ILogger log, int attempt, string reason);
}
