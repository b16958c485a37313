using Microsoft.Extensions.Logging;
using PartsWorker.Client;

namespace PartsWorker.Intake;

/// <summary>Event ids 100..199.</summary>
internal static partial class IntakeLog
{
    [LoggerMessage(100, LogLevel.Information, "Connected to RabbitMQ for the {Lane} lane at {Endpoint} (generation {Generation})")]
    public static partial void Connected(this ILogger log, Lane lane, string endpoint, int generation);

    [LoggerMessage(101, LogLevel.Warning, "Lost the connection to RabbitMQ for the {Lane} lane (generation {Generation}): {Reason}")]
    public static partial void Lost(this ILogger log, Lane lane, int generation, string reason);

    [LoggerMessage(102, LogLevel.Warning, "Could not connect to RabbitMQ for the {Lane} lane (attempt {Attempt}): {Reason}")]
    public static partial void NotConnected(this ILogger log, Lane lane, int attempt, string reason);

    [LoggerMessage(
        103, LogLevel.Warning,
        "Could not close the connection to RabbitMQ cleanly; the broker redelivers messages without an acknowledgement: {Reason}")]
    public static partial void CloseFailed(this ILogger log, string reason);

    [LoggerMessage(
        104, LogLevel.Warning,
        "Image {ImageId} (line {Line}, camera {Camera}, {File}) goes to retry {Step} ({Delay}) after {FailureKind} in {Stage}: {Reason}")]
    public static partial void Retried(
        this ILogger log, string imageId, string? line, string? camera, string file, int step, TimeSpan delay, string failureKind,
        string? stage, string? reason);

    [LoggerMessage(
        105, LogLevel.Error,
        "Image {ImageId} (line {Line}, camera {Camera}, {File}) goes to the dead letters: {FailureKind} in {Stage}: {Reason}")]
    public static partial void DeadLettered(
        this ILogger log, string imageId, string? line, string? camera, string file, string failureKind, string? stage, string? reason);

    [LoggerMessage(106, LogLevel.Warning, "Could not forward a failed message, trying again: {Reason}")]
    public static partial void ForwardFailed(this ILogger log, string reason);

    [LoggerMessage(
        107, LogLevel.Information,
        "Image {ImageId} was redelivered because its acknowledgement was lost; it is acknowledged without forwarding another copy")]
    public static partial void AlreadyForwarded(this ILogger log, string imageId);

    [LoggerMessage(108, LogLevel.Error, "RabbitMQ is not set up as the worker needs it, trying again: {Reason}")]
    public static partial void Conflict(this ILogger log, string reason);
}
