using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.DeadLetters;

/// <summary>A dead letter as it is published again: without the headers that failing added.</summary>
internal static class ReplayedMessage
{
    private static readonly string[] FailureHeaders =
        [PartsHeaders.Prefix, "x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-count", "x-dotnet-pub-seq-no"];

    // Written by the publisher: they belong to the message.
    private static readonly string[] Kept = [PartsHeaders.Model, PartsHeaders.PublishedAt];

    public static string RoutingKey(DeadLetter letter) =>
        PartsTopology.RoutingKey(letter.Lane, letter.Line ?? "unknown", letter.Camera ?? "unknown");

    public static BasicProperties Properties(DeadLetter letter)
    {
        var headers = (letter.Properties.Headers ?? new Dictionary<string, object?>())
            .Where(h => Kept.Contains(h.Key) || !Array.Exists(FailureHeaders, t => h.Key.StartsWith(t, StringComparison.Ordinal)))
            .ToDictionary(h => h.Key, h => h.Value);
        headers[PartsHeaders.Copy] = Guid.NewGuid().ToString("N");
        return new BasicProperties(letter.Properties) { Headers = headers, Persistent = true };
    }
}
