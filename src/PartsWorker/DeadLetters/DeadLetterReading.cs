using System.Globalization;
using System.Text;
using PartsWorker.Client;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PartsWorker.DeadLetters;

/// <summary>Reads a dead-lettered message, with the headers of a worker or of the broker.</summary>
internal static class DeadLetterReading
{
    private const string BrokerDeaths = "x-death";

    public static DeadLetter Read(BasicDeliverEventArgs delivery, PartsTopology topology)
    {
        var headers = delivery.BasicProperties.Headers ?? new Dictionary<string, object?>();
        var death = LastDeath(headers);

        // A worker's letter may have x-death entries of the retry queues; the broker decided only if the entry is that of a lane.
        var byBroker = Text(death, "queue") is { } queue && (queue == topology.LiveQueue || queue == topology.ReprocessQueue);
        var key = byBroker && death!["routing-keys"] is IList<object> { Count: > 0 } keys
            ? Text(keys[0]) ?? delivery.RoutingKey
            : delivery.RoutingKey;
        var words = key.Split('.');
        var reference = ImageReferenceCodec.TryDecode(
            delivery.Body, delivery.BasicProperties.ContentType, delivery.BasicProperties.Headers);
        return new DeadLetter(
            delivery.DeliveryTag,
            ImageId(delivery),
            byBroker ? (Text(death, "reason") ?? "unknown").Replace('_', '-') : Text(headers, PartsHeaders.Reason) ?? "unknown",
            byBroker ? null : Text(headers, PartsHeaders.Stage),
            byBroker ? null : Text(headers, PartsHeaders.Error),
            Number(headers, PartsHeaders.Attempt),
            Instant(Text(headers, PartsHeaders.FirstSeen)) ?? Time(delivery.BasicProperties.Timestamp) ?? DiedAt(death),
            LaneNamed(Text(headers, PartsHeaders.Lane)) ?? PartsTopology.LaneOf(key) ?? Lane.Live,
            words is ["image", _, var line, ..] ? line : null,
            words is ["image", _, _, var camera, ..] ? camera : null,
            key,
            new BasicProperties(delivery.BasicProperties),
            delivery.Body.ToArray())
        {
            Uri = reference?.Uri,
        };
    }

    private static Guid? ImageId(BasicDeliverEventArgs delivery) =>
        ImageIdReader.Find(delivery.Body, delivery.BasicProperties.Headers)
        ?? (Guid.TryParse(delivery.BasicProperties.MessageId, out var id) ? id : null);

    private static IDictionary<string, object?>? LastDeath(IDictionary<string, object?> headers) =>
        headers.TryGetValue(BrokerDeaths, out var deaths) && deaths is IList<object> { Count: > 0 } list
            ? list[0] as IDictionary<string, object?>
            : null;

    private static DateTimeOffset? DiedAt(IDictionary<string, object?>? death) =>
        death is not null && death.TryGetValue("time", out var time) && time is AmqpTimestamp stamp ? Time(stamp) : null;

    private static Lane? LaneNamed(string? name) => name is null ? null : PartsTopology.LaneOf($"image.{name}");

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static DateTimeOffset? Time(AmqpTimestamp time) =>
        time.UnixTime > 0 && time.UnixTime < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)
            : null;

    private static int Number(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value) && value is IConvertible and not string
            ? (int)Math.Clamp(Convert.ToDouble(value, CultureInfo.InvariantCulture), 0, int.MaxValue)
            : 0;

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? Text(value) : null;

    private static string? Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        _ => null,
    };
}
