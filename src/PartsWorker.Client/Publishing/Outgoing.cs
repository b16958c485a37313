using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>One reference, encoded and ready to be published.</summary>
internal sealed record Outgoing(Guid ImageId, string RoutingKey, EncodedMessage Message, string? Model = null)
{
    public static Outgoing From(ImageReference reference, Lane lane, MessageFormat format)
    {
        try
        {
            var routingKey = PartsTopology.RoutingKey(lane, reference.Line, reference.Camera);
            return new Outgoing(reference.ImageId, routingKey, ImageReferenceCodec.Encode(reference, format));
        }
        catch (BadMessageException error)
        {
            throw new PublishFailedException(reference.ImageId, error.Message, isPermanent: true, error);
        }
    }

    // New for every attempt: the library writes its own headers into the properties it is given.
    public BasicProperties Properties(DateTimeOffset now) => new()
    {
        Persistent = true,
        MessageId = ImageId.ToString("D"),
        Type = CloudEventWriter.EventType,
        ContentType = Message.ContentType,
        Timestamp = new AmqpTimestamp(now.ToUnixTimeSeconds()),
        AppId = "partsworker",
        Headers = Headers(now),
    };

    private Dictionary<string, object?> Headers(DateTimeOffset now)
    {
        var headers = Message.Headers.ToDictionary(h => h.Key, h => (object?)h.Value);
        if (Model is not null)
        {
            headers[PartsHeaders.Model] = Model;
        }

        headers[PartsHeaders.PublishedAt] = MessageTimes.Header(now);
        return headers;
    }
}
