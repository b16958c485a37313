namespace PartsWorker.Board.Quality;

/// <summary>Answers of one UTC day with the same class.</summary>
/// <param name="Class">Null for unknown.</param>
/// <param name="Parts">Images.</param>
/// <param name="Confidence">Sum of their confidences.</param>
public sealed record ClassCount(string? Class, long Parts, double Confidence);

/// <summary>One UTC day: its classes, most frequent first.</summary>
public sealed record QualityDay(DateOnly Day, IReadOnlyList<ClassCount> Classes)
{
    public long Parts { get; } = Classes.Sum(row => row.Parts);

    public long Unknown { get; } = Classes.Where(row => row.Class is null).Sum(row => row.Parts);

    /// <summary>0 to 1; null on a day without parts.</summary>
    public double? UnknownShare => Parts > 0 ? (double)Unknown / Parts : null;

    /// <summary>0 to 1; null on a day without parts.</summary>
    public double? MeanConfidence => Parts > 0 ? Classes.Sum(row => row.Confidence) / Parts : null;
}

/// <summary>Reviewed images of one UTC day.</summary>
/// <param name="Day">Day of capture.</param>
/// <param name="Reviewed">Images with a review.</param>
/// <param name="Correct">Of these, images whose answer the review confirms.</param>
public sealed record ReviewedDay(DateOnly Day, long Reviewed, long Correct)
{
    public double Accuracy => Reviewed > 0 ? (double)Correct / Reviewed : 0;

    /// <summary>Wilson's 95 % interval of the accuracy.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Correct, Reviewed);
}

/// <summary>Reviewed images with the same answer and the same review; null is unknown or none of the known classes.</summary>
public sealed record ConfusionPair(string? Answered, string? Reviewed, long Images)
{
    public bool IsCorrect => Answered == Reviewed;
}

/// <summary>One camera on one UTC day against its reference week; see the view camera_drift.</summary>
public sealed record CameraDrift(
    DateOnly Day, string Line, string Camera, long Parts, double UnknownShare, double MeanConfidence,
    DateOnly ReferenceFirstDay, double? ReferenceUnknownShare, double? ReferenceMeanConfidence, double? ClassMixDistance);

/// <summary>One reviewed image and the answer it had.</summary>
public sealed record ReviewedImage(
    Guid ImageId, DateTimeOffset CapturedAt, string Line, string Camera, string Model, float Confidence, string ReviewedBy,
    DateTimeOffset ReviewedAt);

/// <summary>What a person can choose.</summary>
public sealed record QualityChoices(IReadOnlyList<string> Lines, IReadOnlyList<string> Cameras, IReadOnlyList<string> Models)
{
    public static QualityChoices None { get; } = new([], [], []);
}
