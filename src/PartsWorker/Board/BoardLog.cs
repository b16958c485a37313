using Microsoft.Extensions.Logging;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board;

internal static partial class BoardLog
{
    [LoggerMessage(601, LogLevel.Information, "Board: {Login} signed in ({Roles})")]
    public static partial void SignedIn(this ILogger log, string login, string roles);

    [LoggerMessage(602, LogLevel.Warning, "Board: refused a sign-in from {Address}: {Problem}")]
    public static partial void SignInRefused(this ILogger log, string? address, SignInProblem problem);

    [LoggerMessage(603, LogLevel.Warning, "Board: too many sign-ins from {Address}")]
    public static partial void TooManySignIns(this ILogger log, string? address);

    [LoggerMessage(605, LogLevel.Warning, "Board: the page Live cannot be read: {Reason}")]
    public static partial void LiveFailed(this ILogger log, string reason);

    [LoggerMessage(611, LogLevel.Warning, "Board: an export for {Login} was broken off: {Reason}")]
    public static partial void ExportBroken(this ILogger log, string? login, string reason);
}
