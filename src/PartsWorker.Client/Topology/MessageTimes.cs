using System.Globalization;
using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>When a message was published. AMQP 0-9-1 has whole seconds only; a header of our publishers has the milliseconds.</summary>
internal static class MessageTimes
{
    public static string Header(DateTimeOffset now) =>
        now.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <returns>Null when the publisher gave no time.</returns>
    public static DateTimeOffset? PublishedAt(IReadOnlyBasicProperties properties)
    {
        DateTimeOffset? stamp = properties.IsTimestampPresent() ? FromUnix(properties.Timestamp.UnixTime) : null;
        var header = HeaderReader.Text(properties.Headers, PartsHeaders.PublishedAt);

        // A gateway that forwards the headers of another message writes its own timestamp, and that is the newer statement.
        return Rfc3339.TryParse(header, out var exact) && (stamp is null || (exact - stamp.Value).Duration() < TimeSpan.FromSeconds(2))
            ? exact
            : stamp;
    }

    // A publisher may write any 64 bits into the timestamp; a value outside the range of dates is ignored.
    private static DateTimeOffset? FromUnix(long seconds) =>
        seconds is >= 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
