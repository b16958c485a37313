using System.Text.Json;

namespace PartsWorker.Client;

/// <summary>
/// Writes and reads messages. Reads plain JSON and CloudEvents 1.0 (structured and binary).
/// Known fields are checked, unknown ones are kept.
/// </summary>
public static class ImageReferenceCodec
{
    /// <summary>The reference as plain UTF-8 JSON.</summary>
    /// <exception cref="BadMessageException">A field breaks the contract; the message names it.</exception>
    public static byte[] Encode(ImageReference reference) => Encode(reference, MessageFormat.PlainJson).Body;

    /// <summary>The reference in the chosen format, with the content type and headers that belong to it.</summary>
    /// <exception cref="BadMessageException">A field breaks the contract; the message names it.</exception>
    public static EncodedMessage Encode(ImageReference reference, MessageFormat format)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var valid = ReferenceRules.Normalize(reference);
        if (valid.Extra is { } extra)
        {
            UnknownFields.RequireStorable(extra);
        }

        var message = format switch
        {
            MessageFormat.CloudEventStructured => CloudEventWriter.Structured(valid),
            MessageFormat.CloudEventBinary => CloudEventWriter.Binary(valid),
            _ => new EncodedMessage(PlainJson.Write(valid), "application/json", EncodedMessage.NoHeaders),
        };
        PlainJson.RequireSize(message.Body.Length);
        return message;
    }

    /// <summary>Reads a message in any of the formats.</summary>
    /// <param name="body">The message body, 1 byte to 256 KiB; not kept after the call.</param>
    /// <param name="contentType">AMQP content type or null; <c>application/cloudevents+json</c> marks a structured CloudEvent.</param>
    /// <param name="headers">AMQP headers or null; <c>ce-</c>, <c>cloudEvents:</c> or <c>cloudEvents_</c> marks a binary event.</param>
    /// <exception cref="BadMessageException">One line: the field and what is wrong.</exception>
    public static ImageReference Decode(ReadOnlyMemory<byte> body, string? contentType, IDictionary<string, object?>? headers)
    {
        using var document = PlainJson.Parse(body);
        if (CloudEventReader.IsStructured(contentType))
        {
            return CloudEventReader.Structured(document.RootElement);
        }

        return CloudEventReader.BinaryContext(headers) is { } context
            ? CloudEventReader.Binary(document.RootElement, context)
            : PlainJson.Read(document.RootElement);
    }

    /// <returns>Null when the message cannot be read.</returns>
    internal static ImageReference? TryDecode(ReadOnlyMemory<byte> body, string? contentType, IDictionary<string, object?>? headers)
    {
        try
        {
            return Decode(body, contentType, headers);
        }
        catch (BadMessageException)
        {
            return null;
        }
    }

    /// <summary>As <see cref="Decode(ReadOnlyMemory{byte}, string, IDictionary{string, object})"/>, with AMQP's content encoding.</summary>
    /// <exception cref="BadMessageException">As there; a compression is named.</exception>
    internal static ImageReference Decode(
        ReadOnlyMemory<byte> body, string? contentType, IDictionary<string, object?>? headers, string? contentEncoding)
    {
        try
        {
            return Decode(body, contentType, headers);
        }
        catch (BadMessageException error) when (!BodyEncoding.IsPlain(contentEncoding))
        {
            throw ReferenceRules.Bad(
                "contentEncoding", $"'{ReferenceRules.Printable(contentEncoding!)}' is not supported: publish plain UTF-8 JSON", error);
        }
    }

    /// <summary>Attributes and unknown fields as one compact JSON object for the column <c>attributes</c>; null without any.</summary>
    public static string? AttributesJson(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Attributes is not { Count: > 0 } && reference.Extra is not { Count: > 0 })
        {
            return null;
        }

        var all = new Dictionary<string, JsonElement>(reference.Extra ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in reference.Attributes ?? new Dictionary<string, string>())
        {
            all[name] = JsonSerializer.SerializeToElement(value, ImageReferenceJson.Default.String);
        }

        return JsonSerializer.Serialize(all, ImageReferenceJson.Default.DictionaryStringJsonElement);
    }
}
