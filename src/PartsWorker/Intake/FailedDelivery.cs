using System.Globalization;
using PartsWorker.Client;
using PartsWorker.FailureRows;
using PartsWorker.Failures;

namespace PartsWorker.Intake;

/// <summary>Describes a failed delivery: for its row, its headers and the log.</summary>
internal static class FailedDelivery
{
    private const int LongestText = 2000;

    /// <param name="delivery">Not settled yet.</param>
    /// <param name="stage">Stage that failed.</param>
    /// <param name="failure">Why.</param>
    /// <param name="wait">The retry queue; null for the dead letters.</param>
    /// <param name="attempts">Attempts, this one included.</param>
    public static FailureRow RowOf(Delivery delivery, PipelineStage stage, PartFailureException failure, RetryStep? wait, int attempts)
    {
        var row = FailureRow.Of(
            delivery.Body, delivery.ContentType, delivery.MessageId, delivery.Headers, delivery.RoutingKey, delivery.Lane,
            wait is null ? FailureStatus.Dead : FailureStatus.Retried);
        return row with
        {
            Reason = failure.Kind.ToHeader(),
            Stage = stage.ToTag(),
            Error = OneLine(failure),
            Attempts = attempts,
            RetryAfter = wait?.Delay,
            PublishedAt = delivery.PublishedAt,
            FirstSeenAt = FirstSeen(delivery),
        };
    }

    /// <summary>The image id or, if it cannot be read, what the log says instead.</summary>
    public static string NameOf(FailureRow row) => row.ImageId?.ToString() ?? "without an id";

    /// <summary>The reference without query, which may hold a signature; what the log says instead if it cannot be read.</summary>
    public static string FileOf(FailureRow row) => row.Reference?.Uri.Split('?')[0] ?? "no readable reference";

    private static DateTimeOffset FirstSeen(Delivery delivery) =>
        DateTimeOffset.TryParse(
            HeaderReader.Text(delivery.Headers, PartsHeaders.FirstSeen), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time)
            ? time
            : delivery.ReceivedAt;

    private static string OneLine(PartFailureException failure)
    {
        var text = failure.InnerException is { } inner ? $"{failure.Message} ({inner.GetType().Name})" : failure.Message;
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestText ? text : text[..LongestText];
    }
}
