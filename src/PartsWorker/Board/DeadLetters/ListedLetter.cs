using System.Security.Cryptography;
using System.Text;
using PartsWorker.Client;
using PartsWorker.DeadLetters;

namespace PartsWorker.Board.DeadLetters;

/// <summary>A dead letter as the page shows it.</summary>
/// <param name="Key">Names the letter to the page. Clients never name the reference of its image.</param>
/// <param name="ImageId">Null when the message cannot be read.</param>
/// <param name="Reason">Kind of failure.</param>
/// <param name="Stage">Stage that failed; null when the broker dead-lettered the message.</param>
/// <param name="Error">One line; null when the broker dead-lettered the message.</param>
/// <param name="Attempts">Number of attempts.</param>
/// <param name="FirstSeen">When a worker first received it.</param>
/// <param name="Lane">Where a replay goes.</param>
/// <param name="Line">Production line.</param>
/// <param name="Camera">Camera.</param>
/// <param name="Uri">Reference of the image; null when the message cannot be read.</param>
/// <param name="Sha256">Hash of the image, if the publisher provided it.</param>
/// <param name="Body">The start of the message as text.</param>
public sealed record ListedLetter(
    string Key, Guid? ImageId, string Reason, string? Stage, string? Error, int Attempts, DateTimeOffset? FirstSeen, string Lane,
    string? Line, string? Camera, string? Uri, string? Sha256, string Body)
{
    private const int MaxBody = 2000;

    /// <param name="letter">The letter.</param>
    /// <param name="seen">Counts letters with equal content, which get keys of their own in the order of the queue.</param>
    internal static ListedLetter Of(DeadLetter letter, Dictionary<string, int> seen)
    {
        var reference = ImageReferenceCodec.TryDecode(letter.Body, letter.Properties.ContentType, letter.Properties.Headers);
        return new ListedLetter(
            KeyOf(letter, seen), letter.ImageId, letter.Reason, letter.Stage, letter.Error, letter.Attempts, letter.FirstSeen,
            PartsTopology.NameOf(letter.Lane), letter.Line, letter.Camera, reference?.Uri, reference?.Sha256,
            Encoding.UTF8.GetString(letter.Body.Span[..Math.Min(letter.Body.Length, MaxBody)]));
    }

    // The same letter has the same key at every reading, so that a selection survives a refresh.
    private static string KeyOf(DeadLetter letter, Dictionary<string, int> seen)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{letter.RoutingKey}\n{letter.Reason}\n{letter.FirstSeen?.UtcTicks}\n{letter.Attempts}\n"));
        hash.AppendData(letter.Body.Span);
        var content = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
        var number = seen[content] = seen.GetValueOrDefault(content) + 1;
        return $"{content}-{number}";
    }
}
