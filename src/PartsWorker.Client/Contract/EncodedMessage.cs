namespace PartsWorker.Client;

/// <summary>How a reference is written on the wire; every reader understands all three.</summary>
public enum MessageFormat
{
    /// <summary>One JSON object, with MessageId, Type and Timestamp as AMQP properties. The default.</summary>
    PlainJson,

    /// <summary>CloudEvents 1.0, everything in the body: <c>application/cloudevents+json</c>.</summary>
    CloudEventStructured,

    /// <summary>CloudEvents 1.0, the context in <c>cloudEvents:</c> headers and the plain object in the body.</summary>
    CloudEventBinary,
}

/// <summary>Body, content type and headers of one message.</summary>
public sealed record EncodedMessage(byte[] Body, string ContentType, IReadOnlyDictionary<string, string> Headers)
{
    internal static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();
}
