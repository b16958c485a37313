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

/// <summary>One message as it goes to the broker.</summary>
/// <param name="Body">UTF-8 JSON, at most 256 KiB.</param>
/// <param name="ContentType">AMQP content type.</param>
/// <param name="Headers">AMQP headers; empty unless the format is <see cref="MessageFormat.CloudEventBinary"/>.</param>
public sealed record EncodedMessage(byte[] Body, string ContentType, IReadOnlyDictionary<string, string> Headers)
{
    internal static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();
}
