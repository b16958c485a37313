using System.Globalization;
using PartsWorker.Client;
using PartsWorker.FailureRows;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>Headers of a forwarded failure: the original ones, and why, where, how often and since when the message failed.</summary>
internal static class FailureHeaders
{
    // Written by RabbitMQ.Client into every confirmed publish; a stale one would be forwarded.
    private const string PublishSequence = "x-dotnet-pub-seq-no";

    public static BasicProperties Create(Delivery delivery, FailureRow failure)
    {
        var headers = new Dictionary<string, object?>(delivery.Headers ?? new Dictionary<string, object?>());
        headers.Remove(PublishSequence);
        headers.TryAdd(PartsHeaders.FirstSeen, delivery.ReceivedAt.ToString("O", CultureInfo.InvariantCulture));
        headers[PartsHeaders.Attempt] = failure.Attempts;
        headers[PartsHeaders.Reason] = failure.Reason;
        headers[PartsHeaders.Stage] = failure.Stage;
        headers[PartsHeaders.Error] = failure.Error;
        headers[PartsHeaders.Copy] = Guid.NewGuid().ToString("N");
        headers[PartsHeaders.Lane] = PartsTopology.NameOf(delivery.Lane);
        var properties = new BasicProperties
        {
            Headers = headers,
            MessageId = delivery.MessageId ?? delivery.ImageName,
            ContentType = delivery.ContentType,
            ContentEncoding = delivery.ContentEncoding,
            DeliveryMode = DeliveryModes.Persistent,
        };
        if (delivery.PublishedAt is { } published)
        {
            properties.Timestamp = new AmqpTimestamp(published.ToUnixTimeSeconds());
        }

        return properties;
    }
}
