using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;

namespace PartsWorker.FailureRows;

/// <summary>What the table <c>failures</c> holds about one message; the same message always has the same id.</summary>
internal sealed record FailureRow
{
    public required Guid FailureId { get; init; }

    /// <summary>From the body wherever it can be read there, otherwise the message id; null when that is not an image id.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>The reference in the body; null when it cannot be read.</summary>
    public ImageReference? Reference { get; init; }

    public string? Line { get; init; }

    public string? Camera { get; init; }

    public required Lane Lane { get; init; }

    public string? Model { get; init; }

    public required FailureStatus Status { get; init; }

    public string Reason { get; init; } = "";

    public string? Stage { get; init; }

    public string? Error { get; init; }

    public int Attempts { get; init; }

    public string? Worker { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>Time until the next attempt; null when none is due.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The part of a row that the message itself decides.</summary>
    /// <param name="body">Not kept after the call.</param>
    /// <param name="contentType">AMQP content type or null.</param>
    /// <param name="messageId">AMQP message id or null.</param>
    /// <param name="headers">AMQP headers or null.</param>
    /// <param name="routingKey">As published: names line and camera where the body cannot be read.</param>
    /// <param name="lane">Lane that the message came from.</param>
    /// <param name="status">Where the message is now.</param>
    public static FailureRow Of(
        ReadOnlyMemory<byte> body, string? contentType, string? messageId, IDictionary<string, object?>? headers, string routingKey,
        Lane lane, FailureStatus status)
    {
        var reference = ImageReferenceCodec.TryDecode(body, contentType, headers);
        var imageId = ImageIdReader.Find(body, headers);
        var words = routingKey.Split('.');
        return new FailureRow
        {
            // Copies of a message without a message id get the image id as theirs: they remain the same message.
            FailureId = IdOf(lane, messageId ?? imageId?.ToString(), body.Span),
            ImageId = imageId ?? (Guid.TryParse(messageId, out var id) ? id : null),
            Reference = reference,
            Line = reference?.Line ?? (words is ["image", _, var line, ..] ? line : null),
            Camera = reference?.Camera ?? (words is ["image", _, _, var camera, ..] ? camera : null),
            Lane = lane,
            Model = HeaderReader.Text(headers, PartsHeaders.Model),
            Status = status,
        };
    }

    private static Guid IdOf(Lane lane, string? name, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{PartsTopology.NameOf(lane)} {name?.Length} {name}"));
        hash.AppendData(body);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
