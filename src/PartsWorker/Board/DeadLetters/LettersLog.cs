using Microsoft.Extensions.Logging;

namespace PartsWorker.Board.DeadLetters;

internal static partial class LettersLog
{
    [LoggerMessage(661, LogLevel.Information, "Board: {Login} replayed {Replayed} dead letters; {Failed} could not be replayed")]
    public static partial void Replayed(this ILogger log, string login, int replayed, int failed);

    [LoggerMessage(662, LogLevel.Warning, "Board: {Reason}")]
    public static partial void NotRecorded(this ILogger log, string reason);
}
