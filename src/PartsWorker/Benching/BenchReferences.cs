using PartsWorker.Client;

namespace PartsWorker.Benching;

/// <summary>The messages of a run. The capture time is the moment of publishing, to the microsecond: latencies are told from it.</summary>
internal static class BenchReferences
{
    public static ImageReference Create(string path, DateTimeOffset now) => new()
    {
        ImageId = Guid.NewGuid(),
        Uri = new Uri(path).AbsoluteUri,
        Line = "bench",
        Camera = "cam-1",
        CapturedAt = now,
    };
}
