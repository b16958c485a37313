using PartsWorker.Bundles.Fusion;
using PartsWorker.Client;
using PartsWorker.Intake;
using PartsWorker.Pipeline;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Tests.Support;

/// <summary>Valid objects whose details do not matter to a test.</summary>
internal static class Some
{
    public static Verdict Verdict(int classId) => new()
    {
        ClassId = classId,
        Decision = Bundles.Fusion.Verdict.Accepted,
        Confidence = 0.9,
        ColorId = 1,
        ColorConfidence = 0.8,
        ShapeId = 0,
        ShapeConfidence = 0.7,
        MaxSimilarity = 0.6,
        Top1ClassId = classId,
        FilterClassId = classId,
        FilterPath = FilterPaths.Both,
        Top5 = [new Candidate(classId, 0.9, 0.6f)],
    };

    public static ImageReference Reference(Guid? id = null, string uri = "file:///images/a.jpg") => new()
    {
        ImageId = id ?? Guid.NewGuid(),
        Uri = uri,
        Line = "A",
        Camera = "cam-1",
        CapturedAt = new DateTimeOffset(2026, 5, 4, 6, 0, 0, TimeSpan.Zero),
    };

    public static ResultRow Row(Guid id, int second = 0, string model = "parts@1") => new()
    {
        ImageId = id,
        CapturedAt = new DateTimeOffset(2026, 5, 4, 6, 0, second, TimeSpan.Zero),
        Line = "A",
        Camera = "cam-1",
        Uri = "file:///images/a.jpg",
        Width = 640,
        Height = 480,
        ModelKey = model,
        Lane = "live",
        Decision = Bundles.Fusion.Verdict.Unknown,
        Confidence = 0.2f,
        Color = "red",
        ColorConfidence = 0.9f,
        Shape = "plate",
        ShapeConfidence = 0.8f,
        MaxSimilarity = 0.7f,
        Top1Class = "red plate",
        FilterClass = "red plate",
        FilterPath = FilterPaths.Both,
        Top5 = [],
        ClassNames = [],
        ReceivedAt = new DateTimeOffset(2026, 5, 4, 6, 0, 1, TimeSpan.Zero),
        Attempts = 1,
        WorkerName = "worker-1",
    };

    public static Part Part(IServedModel model, Lane lane = Lane.Live) =>
        new(Reference(), new PartLifetime(Delivery(lane), new ModelUse(model).TryLease()!.Value, live: default), shadow: false);

    public static Delivery Delivery(Lane lane = Lane.Live, FakeAcknowledger? acknowledger = null, ulong tag = 1, byte[]? body = null) =>
        new(acknowledger ?? new FakeAcknowledger(), tag, lane, body ?? []);
}
