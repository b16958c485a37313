using Microsoft.Extensions.Logging;

namespace PartsWorker.Serving;

/// <summary>Event ids 300..399.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(300, LogLevel.Information, "Model {Model} loaded on {Device} in {Elapsed}")]
    public static partial void Loaded(this ILogger log, string model, string device, TimeSpan elapsed);

    [LoggerMessage(310, LogLevel.Warning,
        "Model {Model} was made with the decoder {MadeWith}, but its images are decoded with {Decoder}: a few answers can differ")]
    public static partial void OtherDecoder(this ILogger log, string model, string madeWith, string decoder);

    [LoggerMessage(311, LogLevel.Information,
        "JPEGs of model {Model} are decoded by libvips alone. With libjpeg-turbo, 640x480 takes about two thirds of the CPU time: install "
        + "libturbojpeg0 (Debian) or libturbojpeg (Ubuntu)")]
    public static partial void NoTurboJpeg(this ILogger log, string model);

    [LoggerMessage(301, LogLevel.Information, "Model {Model} is active (previous: {Previous})")]
    public static partial void Activated(this ILogger log, string model, string previous);

    [LoggerMessage(302, LogLevel.Error, "Could not load model {Model}; {Active} stays active: {Reason}")]
    public static partial void Refused(this ILogger log, string model, string active, string reason);

    [LoggerMessage(303, LogLevel.Warning, "Could not read the active model from the database; keeping {Current}: {Reason}")]
    public static partial void ServingUnread(this ILogger log, string current, string reason);

    [LoggerMessage(304, LogLevel.Error, "Could not load the active model {Model}; no image is classified until it loads: {Reason}")]
    public static partial void NoModel(this ILogger log, string model, string reason);
}
