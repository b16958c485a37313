using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Results;

/// <summary>
/// What one model found in one image, with what is needed to find the image again; one row of <c>classifications</c> and <c>images</c>.
/// </summary>
internal sealed record ResultRow
{
    public required Guid ImageId { get; init; }

    /// <summary>Truncated to microseconds: the time is part of the key, and PostgreSQL stores no finer digits.</summary>
    public required DateTimeOffset CapturedAt { get; init => field = Microseconds(value); }

    public required string Line { get; init; }

    public required string Camera { get; init; }

    public required string Uri { get; init; }

    /// <summary>64 hex digits, or null when the publisher gave none.</summary>
    public string? Sha256 { get; init => field = value?.ToLowerInvariant(); }

    /// <summary>A JSON object, or null.</summary>
    public string? AttributesJson { get; init; }

    /// <summary>Pixels after EXIF orientation.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Exposure and sharpness.</summary>
    public ImageQuality Quality { get; init; } = ImageQuality.Good;

    /// <summary>Why the image is too bad to be accepted; null for a good image.</summary>
    public string? Fault { get; init; }

    public DateTimeOffset? PublishedAt { get; init => field = value?.ToUniversalTime(); }

    /// <summary><c>name@version</c> of the bundle that classified.</summary>
    public required string ModelKey { get; init; }

    /// <summary><c>fp32</c>, <c>fp16</c> or <c>int8</c>: the graphs that classified; null if that is not known.</summary>
    public string? Precision { get; init; }

    /// <summary>Time of the model per image; null if it is not known.</summary>
    public TimeSpan? ModelTime { get; init; }

    /// <summary><c>live</c> or <c>reprocess</c>.</summary>
    public required string Lane { get; init; }

    /// <summary>True for a row of the shadow model; such a row is never shown as current.</summary>
    public bool Shadow { get; init; }

    /// <summary>Null when the decision is <c>unknown</c>, and then <see cref="ClassName"/> is too.</summary>
    public int? ClassId { get; init; }

    public string? ClassName { get; init; }

    /// <summary><c>accepted</c> or <c>unknown</c>.</summary>
    public required string Decision { get; init; }

    public required float Confidence { get; init; }

    public required string Color { get; init; }

    public required float ColorConfidence { get; init; }

    public required string Shape { get; init; }

    public required float ShapeConfidence { get; init; }

    public required float MaxSimilarity { get; init; }

    public required string Top1Class { get; init; }

    public required string FilterClass { get; init; }

    public required string FilterPath { get; init; }

    /// <summary>The best candidates, best first.</summary>
    public required IReadOnlyList<Candidate> Top5 { get; init; }

    /// <summary>Names of the model's classes by id, for <see cref="Top5"/>.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Truncated to microseconds, as PostgreSQL stores it.</summary>
    public required DateTimeOffset ReceivedAt { get; init => field = Microseconds(value); }

    /// <summary>Deliveries until this row was stored; 1 = the first.</summary>
    public required int Attempts { get; init; }

    public required string WorkerName { get; init; }

    /// <summary>
    /// When this write created the row, by the clock of the database. Null if the row existed before, and with
    /// <see cref="ResultsOptions.Publish"/> off.
    /// </summary>
    public DateTimeOffset? StoredAt { get; set; }

    /// <summary>What makes a row of <c>classifications</c> unique.</summary>
    public RowKey Key => new(ImageId, CapturedAt, ModelKey);

    /// <summary>
    /// Each key once and in key order: PostgreSQL refuses the same key twice in one statement, and two workers that lock the same rows in
    /// different orders would deadlock. Of several rows with one key the first counts, and any row before a shadow, which is never shown.
    /// </summary>
    public static IReadOnlyList<ResultRow> DistinctInKeyOrder(IEnumerable<ResultRow> rows) =>
    [
        .. rows
            .OrderBy(row => row.ImageId)
            .ThenBy(row => row.CapturedAt)
            .ThenBy(row => row.ModelKey, StringComparer.Ordinal)
            .ThenBy(row => row.Shadow)
            .DistinctBy(row => row.Key),
    ];

    private static DateTimeOffset Microseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

/// <summary>What makes a row of <c>classifications</c> unique.</summary>
internal readonly record struct RowKey(Guid ImageId, DateTimeOffset CapturedAt, string ModelKey);
