using PartsWorker.Client;
using PartsWorker.Harness.Load;

namespace PartsWorker.Bench;

/// <summary>
/// The messages of a run. The capture time is the moment of publishing, to the microsecond; latencies are computed from it.
/// </summary>
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

    /// <summary>Publishes references to the images in turn.</summary>
    public static ReferenceFeeder OpenFeeder(PartsPublisher publisher, IReadOnlyList<string> images, TimeProvider time) =>
        new(publisher, number => Create(images[(int)(number % images.Count)], time.GetUtcNow()));
}
