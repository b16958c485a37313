namespace PartsWorker.Client.Tests.Support;

internal static class SomeResult
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 250, TimeSpan.Zero);

    public static ClassificationResult Result(string? className = "washer-m8") => new()
    {
        ImageId = Some.Id,
        Model = "real-parts@2.7.0",
        Line = "A",
        Camera = "cam-3",
        CapturedAt = Noon,
        Lane = Lane.Live,
        Decision = className is null ? "unknown" : "accepted",
        Class = className,
        Confidence = 0.97f,
        Color = "silver",
        ColorConfidence = 0.99f,
        Shape = "round",
        ShapeConfidence = 0.98f,
        Top5 = [new ResultCandidate("washer-m8", 0.97, 0.91), new ResultCandidate("washer-m6", 0.02, 0.84)],
        PublishedAt = Noon,
        ReceivedAt = Noon.AddMilliseconds(60),
        StoredAt = Noon.AddMilliseconds(92),
    };
}
