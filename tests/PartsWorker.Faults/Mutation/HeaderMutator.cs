using RabbitMQ.Client;

namespace PartsWorker.Faults.Mutation;

/// <summary>Creates headers and content types as careless or hostile publishers set them.</summary>
internal sealed class HeaderMutator(Random random)
{
    private static readonly string[] Names =
    [
        "x-parts-attempt", "x-parts-first-seen", "x-parts-reason", "x-parts-stage", "x-parts-error", "x-parts-lane",
        "x-death", "x-delivery-count",
        "ce-id", "ce-type", "ce-specversion", "ce-source", "cloudEvents:id", "cloudEvents_type",
        "traceparent", "tracestate", "x-dotnet-pub-seq-no", "\u00e4",
    ];

    public string? ContentType() => random.Next(8) switch
    {
        0 => null,
        1 => "",
        2 => "application/cloudevents+json",
        3 => "APPLICATION/CLOUDEVENTS+JSON; charset=utf-8",
        4 => "text/plain",
        5 => new string('x', 255),
        _ => "application/json",
    };

    public Dictionary<string, object?> Draw()
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = random.Next(6); i > 0; i--)
        {
            headers[Names[random.Next(Names.Length)]] = Value();
        }

        return headers;
    }

    private object? Value() => random.Next(14) switch
    {
        0 => null,
        1 => random.Next(),
        2 => long.MinValue,
        3 => -1,
        4 => 1_000_000,
        5 => random.NextDouble(),
        6 => true,
        7 => "",
        8 => "1.0",
        9 => new string('x', random.Next(1, 20_000)),
        10 => new byte[] { 0xFF, 0xFE, 0x00, 0x80 },
        11 => new List<object?> { 1, "two", null },
        12 => new Dictionary<string, object?> { ["count"] = long.MaxValue, ["queue"] = "parts.live" },
        _ => new AmqpTimestamp(long.MaxValue),
    };
}
