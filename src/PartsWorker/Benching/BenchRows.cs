using PartsWorker.Model.Fusion;
using PartsWorker.Results;

namespace PartsWorker.Benching;

/// <summary>Rows like those of real answers, for measuring the database alone.</summary>
internal static class BenchRows
{
    private static readonly byte[] Top5 =
        """[{"class":"hex-bolt-blue","confidence":0.913,"similarity":0.871},{"class":"hex-bolt-black","confidence":0.041,"similarity":0.702},{"class":"roller-blue","confidence":0.022,"similarity":0.655},{"class":"washer-blue","confidence":0.013,"similarity":0.641},{"class":"nut-blue","confidence":0.011,"similarity":0.633}]"""u8.ToArray();

    public static ResultRow Create(string image, DateTimeOffset now) => new()
    {
        ImageId = Guid.NewGuid(),
        CapturedAt = now,
        Line = "bench",
        Camera = "cam-1",
        Uri = new Uri(image).AbsoluteUri,
        Width = BenchPicture.Width,
        Height = BenchPicture.Height,
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
        Top5Json = Top5,
        ReceivedAt = now,
        Attempts = 1,
        WorkerName = "bench",
    };
}
