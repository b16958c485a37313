using Microsoft.Extensions.Logging;

namespace PartsWorker.Board.Models;

internal static partial class ModelsLog
{
    [LoggerMessage(641, LogLevel.Information, "Board: {Login} activated {Model}")]
    public static partial void Activated(this ILogger log, string login, string model);

    [LoggerMessage(642, LogLevel.Information, "Board: {Login} set the shadow model to {Model} with a share of {Share}")]
    public static partial void Shadowed(this ILogger log, string login, string model, float share);
}
