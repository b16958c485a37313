using System.Text.Json.Nodes;

namespace PartsWorker.Faults.Load;

/// <summary>Creates messages whose ids and times depend only on the seed.</summary>
internal sealed class Draft(Random random, DateTimeOffset start)
{
    private int _number;

    public Guid NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    public PlannedMessage Reference(string uri, Expectation expected, Action<JsonObject>? change = null)
    {
        var id = NewId();
        var camera = $"cam-{random.Next(1, 5)}";
        var json = new JsonObject
        {
            ["imageId"] = id.ToString(),
            ["uri"] = uri,
            ["line"] = "A",
            ["camera"] = camera,
            ["capturedAt"] = start.AddMilliseconds(_number++).ToString("O"),
        };
        change?.Invoke(json);
        return new(id, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), $"image.live.A.{camera}", expected) { ImageId = id };
    }

    public PlannedMessage Raw(byte[] body, Expectation expected) => new(NewId(), body, "image.live.A.cam-1", expected);
}
