using Microsoft.Extensions.Logging;

namespace PartsWorker.Board.Reprocessing;

internal static partial class ReprocessingLog
{
    [LoggerMessage(651, LogLevel.Information, "Board: {Login} started run {RunId}: {Images} images for {Model}")]
    public static partial void ReprocessingStarted(this ILogger log, string login, long runId, long images, string model);

    [LoggerMessage(652, LogLevel.Information, "Board: run {RunId} ended: {Published} published, {Classified} classified")]
    public static partial void ReprocessingEnded(this ILogger log, long runId, long published, long classified);

    [LoggerMessage(653, LogLevel.Warning, "Board: run {RunId} stopped and can be resumed: {Reason}")]
    public static partial void ReprocessingStopped(this ILogger log, long runId, string reason);
}
