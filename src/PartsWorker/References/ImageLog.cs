using Microsoft.Extensions.Logging;

namespace PartsWorker.References;

/// <summary>Log events 2000 to 2099.</summary>
internal static partial class ImageLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Fetch attempt {Attempt} failed; retrying in {Delay}: {Reason}")]
    public static partial void Retrying(ILogger logger, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(2001, LogLevel.Warning,
        "No image can be fetched: set Images:Roots:0 (folders), Images:Hosts:0 (web servers) or Images:Buckets:0 (S3)")]
    public static partial void NoSource(ILogger logger);

    [LoggerMessage(2002, LogLevel.Warning,
        "Images:Roots names {Root}, which does not exist: images below it cannot be fetched until it is created or mounted")]
    public static partial void RootMissing(ILogger logger, string root);
}
