using PartsWorker.Bundles.Fusion;
using PartsWorker.Client;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Support;

/// <summary>Result rows that are right in every field, for tests to bend in one.</summary>
internal static class SomeResult
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static ResultRow Row(
        Guid? imageId = null, DateTimeOffset? capturedAt = null, string model = "parts@1", string className = "red plate") => new()
    {
        ImageId = imageId ?? Guid.NewGuid(),
        CapturedAt = capturedAt ?? Noon,
        Line = "A",
        Camera = "cam-1",
        Uri = "file:///images/1.jpg",
        Width = 640,
        Height = 480,
        ModelKey = model,
        Lane = "live",
        ClassId = 7,
        ClassName = className,
        Decision = "accepted",
        Confidence = 0.93f,
        Color = "red",
        ColorConfidence = 0.9f,
        Shape = "plate",
        ShapeConfidence = 0.8f,
        MaxSimilarity = 0.7f,
        Top1Class = className,
        FilterClass = className,
        FilterPath = "both",
        Top5 = [new Candidate(0, 0.93, 0.7f)],
        ClassNames = ["red plate"],
        ReceivedAt = Noon,
        Attempts = 1,
        WorkerName = "worker-1",
    };

    public static ResultRow Unknown(Guid imageId) =>
        Row(imageId) with { Decision = "unknown", ClassId = null, ClassName = null, Confidence = 0.2f };

    public static ClassificationResult Event(string camera, string? className, string line = "A") => new()
    {
        ImageId = Guid.NewGuid(),
        Model = "parts@1",
        Line = line,
        Camera = camera,
        CapturedAt = Noon,
        Lane = Lane.Live,
        Decision = className is null ? "unknown" : "accepted",
        Class = className,
        Confidence = 0.9f,
        Color = "red",
        ColorConfidence = 0.9f,
        Shape = "plate",
        ShapeConfidence = 0.9f,
        Top5 = [],
        ReceivedAt = Noon,
        StoredAt = Noon,
    };
}
