namespace PartsWorker.Board.Review;

/// <summary>One of the best candidates of the model.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Similarity">Cosine similarity to the nearest gallery row of the class, -1 to 1.</param>
public sealed record ReviewCandidate(string Class, float Confidence, float Similarity);

/// <summary>A row of <c>needs_review</c>.</summary>
public sealed record ReviewImage
{
    public required Guid ImageId { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    public required string Line { get; init; }

    public required string Camera { get; init; }

    /// <summary>Why a person should look.</summary>
    public required string Reason { get; init; }

    /// <summary>Null when the decision is unknown.</summary>
    public string? Class { get; init; }

    public required float Confidence { get; init; }

    public required string Color { get; init; }

    public required float ColorConfidence { get; init; }

    public required string Shape { get; init; }

    public required float ShapeConfidence { get; init; }

    public required float MaxSimilarity { get; init; }

    public required string Model { get; init; }

    public required string Top1Class { get; init; }

    public required string FilterClass { get; init; }

    public required string FilterPath { get; init; }

    /// <summary>At most five, best first.</summary>
    public required IReadOnlyList<ReviewCandidate> Candidates { get; init; }

    internal ImageKey Key => new(ImageId, CapturedAt);

    /// <summary>What the grid groups by: the class, or the likeliest one of an image whose decision is unknown.</summary>
    public string Group => Class ?? (Candidates.Count > 0 ? $"unknown, most like {Candidates[0].Class}" : "unknown");
}

/// <summary>Values that the filter suggests, from the newest images of the queue; others can be typed.</summary>
public sealed record ReviewSuggestions(
    IReadOnlyList<string> Lines, IReadOnlyList<string> Cameras, IReadOnlyList<string> Models, IReadOnlyList<string> Classes)
{
    public static ReviewSuggestions None { get; } = new([], [], [], []);
}
