using System.Text;
using System.Text.Json.Nodes;

namespace PartsWorker.Faults.Mutation;

/// <summary>Damages JSON as bytes and as JSON.</summary>
internal sealed class BodyMutator(Random random)
{
    private static readonly string[] Fields = ["imageId", "uri", "line", "camera", "capturedAt", "sha256", "attributes", "surprise"];

    public byte[] Mutate(byte[] body)
    {
        var bytes = (byte[])body.Clone();
        switch (random.Next(8))
        {
            case 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..random.Next(bytes.Length)];
            case 2:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
            case 3:
                return Splice(bytes);
            case 4:
                return Whole();
            default:
                return ChangeFields(body);
        }
    }

    private byte[] Splice(byte[] bytes)
    {
        var at = random.Next(bytes.Length);
        return [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
    }

    private byte[] Whole() => random.Next(7) switch
    {
        0 => [],
        1 => "null"u8.ToArray(),
        2 => "[]"u8.ToArray(),
        3 => Encoding.UTF8.GetBytes(new string('[', 100_000)),
        4 => Encoding.UTF8.GetBytes("{\"imageId\":" + new string('9', 100_000) + "}"),
        5 => [0xEF, 0xBB, 0xBF, .. "{}"u8],
        _ => new byte[random.Next(1, 200_000)],
    };

    private byte[] ChangeFields(byte[] body)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var field = Fields[random.Next(Fields.Length)];
            if (random.Next(4) == 0)
            {
                json.Remove(field);
            }
            else
            {
                json[field] = Value();
            }
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private JsonNode? Value() => random.Next(14) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next()),
        2 => JsonValue.Create(random.NextDouble() * 1e300),
        3 => JsonValue.Create(true),
        4 => new JsonArray(1, "two", null),
        5 => new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } },
        6 => JsonValue.Create(""),
        7 => JsonValue.Create(new string('x', random.Next(1, 100_000))),
        8 => JsonValue.Create("\0\n\u2028\uFFFF"),
        9 => JsonValue.Create("00000000-0000-0000-0000-000000000000"),
        10 => JsonValue.Create("9999-12-31T23:59:59.9999999Z"),
        11 => JsonValue.Create("0001-01-01T00:00:00+14:00"),
        12 => JsonValue.Create("file:///etc/../etc/passwd"),
        _ => JsonValue.Create("http://169.254.169.254/latest/"),
    };
}
