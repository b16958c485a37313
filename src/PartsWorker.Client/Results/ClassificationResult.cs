namespace PartsWorker.Client;

/// <summary>
/// What a model found in one image, as the row in PostgreSQL holds it. Published at least once: results with the same
/// <see cref="EventId"/> are equal, and handling one twice must do no harm.
/// </summary>
public sealed record ClassificationResult
{
    /// <summary>The image, as in <see cref="ImageReference.ImageId"/>.</summary>
    public required Guid ImageId { get; init; }

    /// <summary><c>name@version</c> of the bundle that classified.</summary>
    public required string Model { get; init; }

    /// <summary>Production line, as published.</summary>
    public required string Line { get; init; }

    /// <summary>Camera on that line, as published.</summary>
    public required string Camera { get; init; }

    /// <summary>When the image was taken, in UTC. Order results by it: they can arrive in another order.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Which queue the image came from. A line acts on <see cref="Client.Lane.Live"/> only.</summary>
    public required Lane Lane { get; init; }

    /// <summary><c>accepted</c> or <c>unknown</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Name of the class; null when the decision is <c>unknown</c>.</summary>
    public string? Class { get; init; }

    /// <summary>Calibrated probability of the answer, 0 to 1; also given when the decision is <c>unknown</c>.</summary>
    public required float Confidence { get; init; }

    /// <summary>Color by the meta model.</summary>
    public required string Color { get; init; }

    /// <summary>Probability of that color, 0 to 1.</summary>
    public required float ColorConfidence { get; init; }

    /// <summary>Shape by the meta model.</summary>
    public required string Shape { get; init; }

    /// <summary>Probability of that shape, 0 to 1.</summary>
    public required float ShapeConfidence { get; init; }

    /// <summary>The best candidates, at most five, best first.</summary>
    public required IReadOnlyList<ResultCandidate> Top5 { get; init; }

    /// <summary>When the reference was published, in whole seconds; null when the publisher gave no time.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When a worker received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the row was written.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Id of the event: image and model. Equal for every copy of the same result.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string EventId => $"{ImageId:D}/{Model}";
}

/// <summary>One of the best candidates of a <see cref="ClassificationResult"/>.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Similarity">Cosine to the nearest gallery image of the class, -1 to 1.</param>
public sealed record ResultCandidate(string Class, double Confidence, double Similarity);
