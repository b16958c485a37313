using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Results;

namespace PartsWorker.Bench;

/// <summary>Rows like those of real classifications, for measuring the database alone.</summary>
internal static class BenchRows
{
    private static readonly string[] ClassNames = ["hex-bolt-blue", "hex-bolt-black", "roller-blue", "washer-blue", "nut-blue"];
    private static readonly Candidate[] Top5 =
    [
        new(0, 0.913, 0.871f),
        new(1, 0.041, 0.702f),
        new(2, 0.022, 0.655f),
        new(3, 0.013, 0.641f),
        new(4, 0.011, 0.633f),
    ];

    public static ResultRow Create(string image, DateTimeOffset now) => new()
    {
        ImageId = Guid.NewGuid(),
        CapturedAt = now,
        Line = "bench",
        Camera = "cam-1",
        Uri = new Uri(image).AbsoluteUri,
        Width = BenchImage.Width,
        Height = BenchImage.Height,
        PublishedAt = now,
        ModelKey = "none@1",
        Lane = "live",
        ClassId = 17,
        ClassName = "hex-bolt-blue",
        Decision = Verdict.Accepted,
        Confidence = 0.913f,
        Color = "blue",
        ColorConfidence = 0.97f,
        Shape = "turned",
        ShapeConfidence = 0.94f,
        MaxSimilarity = 0.871f,
        Top1Class = "hex-bolt-blue",
        FilterClass = "hex-bolt-blue",
        FilterPath = FilterPaths.Both,
        Top5 = Top5,
        ClassNames = ClassNames,
        ReceivedAt = now,
        Attempts = 1,
        WorkerName = "bench",
    };
}
