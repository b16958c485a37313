using PartsWorker.Board.Layout;

namespace PartsWorker.Board.ImageDetail;

/// <summary>One moment on the way of an image.</summary>
/// <param name="Name">What happened.</param>
/// <param name="At">When.</param>
/// <param name="SincePrevious">Since the moment before; null for the first.</param>
/// <param name="SinceCapture">Since the camera took the image; null for the first.</param>
public sealed record ImageMoment(string Name, DateTimeOffset At, TimeSpan? SincePrevious, TimeSpan? SinceCapture);

/// <summary>From the camera to the first row.</summary>
internal static class ImageTimings
{
    public static IReadOnlyList<ImageMoment> Of(ImageRow image, IReadOnlyList<ClassificationRow> classifications)
    {
        var received = classifications.Count == 0 ? (DateTimeOffset?)null : classifications.Min(row => row.ReceivedAt);
        (string Name, DateTimeOffset? At)[] moments =
        [
            ("captured", image.CapturedAt), ("published", image.PublishedAt), ("received by a worker", received),
            ("stored", image.StoredAt),
        ];
        var known = new List<ImageMoment>();
        foreach (var (name, at) in moments)
        {
            if (at is { } time)
            {
                known.Add(new(name, time, known.Count == 0 ? null : time - known[^1].At,
                    known.Count == 0 ? null : time - image.CapturedAt));
            }
        }

        return known;
    }

    /// <summary>With its sign: times of different machines can run backwards.</summary>
    public static string Text(TimeSpan? span) => span switch
    {
        null => "",
        { } negative when negative < TimeSpan.Zero => "-" + Ages.Short(-negative),
        { } positive => Ages.Short(positive),
    };
}
