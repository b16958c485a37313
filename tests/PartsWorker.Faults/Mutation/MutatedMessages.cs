using System.Text;
using PartsWorker.Client;
using PartsWorker.Faults.Load;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Mutation;

/// <summary>
/// Mutated bodies and headers. The codec decides which bodies are still messages; their reference decides where they must end.
/// </summary>
internal sealed class MutatedMessages(string root, int seed)
{
    private static readonly string[] Unreadable = ["forbidden-reference", "missing-image", "unreadable-image"];
    private readonly Random _random = new(seed);

    public PlannedMessage[] Draw(int count)
    {
        var good = Path.Combine(root, "good.jpg");
        File.Copy(Directory.GetFiles(Repository.GoldenImages, "*.jpg").Order(StringComparer.Ordinal).First(), good, overwrite: true);
        var draft = new Draft(_random, TimeProvider.System.GetUtcNow());
        var bodies = new BodyMutator(_random);
        var headers = new HeaderMutator(_random);
        return [.. Enumerable.Range(0, count).Select(_ => Next(draft, bodies, headers, $"file://{good}"))];
    }

    private PlannedMessage Next(Draft draft, BodyMutator bodies, HeaderMutator headers, string uri)
    {
        var whole = draft.Reference(uri, Expectation.Row);
        var message = whole with
        {
            Body = _random.Next(4) == 0 ? whole.Body : bodies.Mutate(whole.Body),
            ContentType = headers.ContentType(),
            Headers = headers.Draw(),
        };
        return Expect(message, uri);
    }

    private static PlannedMessage Expect(PlannedMessage message, string uri)
    {
        try
        {
            var reference = ImageReferenceCodec.Decode(message.Body, message.ContentType, AsReceived(message.Headers));
            var expected = reference.Uri == uri && reference.Sha256 is null ? Expectation.Row : Expectation.RowOrDead(Unreadable);
            return message with { ImageId = reference.ImageId, Expected = expected };
        }
        catch (BadMessageException)
        {
            return message with { ImageId = null, Expected = Expectation.Dead("bad-message") };
        }
    }

    // The broker gives strings back as bytes.
    private static Dictionary<string, object?> AsReceived(Dictionary<string, object?> headers) =>
        headers.ToDictionary(h => h.Key, h => h.Value is string text ? Encoding.UTF8.GetBytes(text) : h.Value, StringComparer.Ordinal);
}
