using Microsoft.Extensions.Logging;
using PartsWorker.Client;

namespace PartsWorker.Intake;

/// <summary>Event ids 100..199.</summary>
internal static partial class IntakeLog
{
    [LoggerMessage(100, LogLevel.Information, "Connected to RabbitMQ for the {Lane} lane at {Endpoint} (generation {Generation})")]
    public static partial void Connected(this ILogger log, Lane lane, string endpoint, int generation);

    [LoggerMessage(101, LogLevel.Warning, "Lost RabbitMQ for the {Lane} lane (generation {Generation}): {Reason}")]
    public static partial void Lost(this ILogger log, Lane lane, int generation, string reason);

    [LoggerMessage(102, LogLevel.Warning, "RabbitMQ is not there for the {Lane} lane (attempt {Generation}): {Reason}")]
    public static partial void NotConnected(this ILogger log, Lane lane, int generation, string reason);

    [LoggerMessage(103, LogLevel.Warning, "RabbitMQ closed with acknowledgements unsent; those messages come again: {Reason}")]
    public static partial void CloseFailed(this ILogger log, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Image {ImageId} goes to retry {Step} ({Delay}) after {FailureKind} in {Stage}: {Reason}")]
    public static partial void Retried(this ILogger log, string imageId, int step, TimeSpan delay, string failureKind, string stage, string reason);

    [LoggerMessage(105, LogLevel.Error, "Image {ImageId} goes to the dead letters: {FailureKind} in {Stage}: {Reason}")]
    public static partial void DeadLettered(this ILogger log, string imageId, string failureKind, string stage, string reason);

    [LoggerMessage(106, LogLevel.Warning, "A failed part could not be handed on, trying again: {Reason}")]
    public static partial void HandOverFailed(this ILogger log, string reason);

    [LoggerMessage(107, LogLevel.Information, "Image {ImageId} came again after its copy was handed on: its acknowledgement had been lost; it is only acknowledged now")]
    public static partial void HandedOverBefore(this ILogger log, string imageId);
}
