using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Measurements of one bundle on the classes it knows and on those it never saw. Rates are 0..1.</summary>
internal sealed record FoldResult
{
    public required int Fold { get; init; }

    public required string Model { get; init; }

    /// <summary>Number of classes that the bundle never saw.</summary>
    [JsonPropertyName("left_out_classes")]
    public required int LeftOutClasses { get; init; }

    [JsonPropertyName("known_images")]
    public required int KnownImages { get; init; }

    [JsonPropertyName("unknown_images")]
    public required int UnknownImages { get; init; }

    /// <summary>Fused top-1 on the known classes, before the thresholds.</summary>
    [JsonPropertyName("known_top1")]
    public required double KnownTop1 { get; init; }

    /// <summary>Share of the images of known classes that the thresholds turn into unknown.</summary>
    [JsonPropertyName("false_alarms")]
    public required double FalseAlarms { get; init; }

    /// <summary>Share of the images of left-out classes that the thresholds accept.</summary>
    [JsonPropertyName("unknown_accepted")]
    public required double UnknownAccepted { get; init; }

    /// <summary>How well each score separates images of known classes from images of left-out classes.</summary>
    [JsonPropertyName("unknown_auroc")]
    public required IReadOnlyDictionary<string, double> UnknownAuroc { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JunkResult? Junk { get; init; }

    /// <summary>One entry per number of photos.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnrollmentResult>? Enrolled { get; init; }

    /// <param name="fold">Fold of the left-out classes.</param>
    /// <param name="model">Model key.</param>
    /// <param name="classified">Images of all classes.</param>
    /// <param name="leftOut">Classes that the bundle never saw.</param>
    /// <param name="junk">Images without a part; null = not measured.</param>
    /// <exception cref="UserErrorException">There are no images of known classes, or none of left-out classes.</exception>
    public static FoldResult Of(
        int fold,
        string model,
        IReadOnlyCollection<ClassifiedImage> classified,
        IReadOnlySet<int> leftOut,
        IReadOnlyCollection<ClassifiedImage>? junk = null)
    {
        var groups = classified.ToLookup(c => leftOut.Contains(c.TrueClass));
        ClassifiedImage[] known = [.. groups[false]], unknown = [.. groups[true]];
        if (known.Length == 0 || unknown.Length == 0)
        {
            throw new UserErrorException(
                $"{model}: the data contains no images of the classes that it {(known.Length == 0 ? "knows" : "left out")}");
        }

        return new()
        {
            Fold = fold,
            Model = model,
            LeftOutClasses = leftOut.Count,
            KnownImages = known.Length,
            UnknownImages = unknown.Length,
            KnownTop1 = Rate(known, c => c.Right),
            FalseAlarms = Rate(known, c => c.Verdict.ClassId is null),
            UnknownAccepted = Rate(unknown, c => c.Verdict.ClassId is not null),
            UnknownAuroc = UnknownScore.Auroc(known, unknown),
            Junk = junk is null ? null : JunkResult.Of(known, junk),
        };
    }

    private static double Rate(ClassifiedImage[] images, Func<ClassifiedImage, bool> predicate) =>
        images.Count(predicate) / (double)images.Length;
}
