using System.Globalization;

namespace PartsWorker.Board.ImageDetail;

/// <summary>A row of images.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CapturedAt">When the camera took it.</param>
/// <param name="Line">Production line.</param>
/// <param name="Camera">Camera on that line.</param>
/// <param name="Uri">Where it is, as logs show it: without user info and query.</param>
/// <param name="Sha256">Lower-case hex; null when the publisher gave none.</param>
/// <param name="Attributes">A JSON object; null when the message has none.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="PublishedAt">Null when the message does not say.</param>
/// <param name="StoredAt">When the row was written.</param>
/// <param name="Fault">Why the image is too bad to be accepted, such as <c>blurred</c>; null for a good image.</param>
public sealed record ImageRow(
    Guid ImageId,
    DateTimeOffset CapturedAt,
    string Line,
    string Camera,
    string Uri,
    string? Sha256,
    string? Attributes,
    int Width,
    int Height,
    DateTimeOffset? PublishedAt,
    DateTimeOffset StoredAt,
    string? Fault);

/// <summary>A row of classifications.</summary>
/// <param name="Model">The model.</param>
/// <param name="IsCurrent">Whether it is the row that counts, as latest_classification decides.</param>
/// <param name="IsShadow">Whether the model ran as the shadow model.</param>
/// <param name="Lane">live or reprocess.</param>
/// <param name="Decision">accepted or unknown.</param>
/// <param name="Class">Null when unknown.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Color">Color and its confidence.</param>
/// <param name="Shape">Shape and its confidence.</param>
/// <param name="MaxSimilarity">-1 to 1.</param>
/// <param name="Nearest">Class of the most similar gallery row.</param>
/// <param name="Filtered">Class by the filter rule, and what its candidates match.</param>
/// <param name="Top5">Best first.</param>
/// <param name="Doubt">Why a person should look; null when there is no doubt.</param>
/// <param name="Attempts">Deliveries.</param>
/// <param name="Worker">Name of the worker.</param>
/// <param name="ReceivedAt">When the worker received the message.</param>
/// <param name="ClassifiedAt">When the row was written.</param>
/// <param name="Precision">fp32, fp16 or int8; null if it is not known.</param>
/// <param name="ModelMs">Milliseconds of the model per image; null if it is not known.</param>
public sealed record ClassificationRow(
    string Model,
    bool IsCurrent,
    bool IsShadow,
    string Lane,
    string Decision,
    string? Class,
    float Confidence,
    (string Name, float Confidence) Color,
    (string Name, float Confidence) Shape,
    float MaxSimilarity,
    string Nearest,
    (string Class, string Path) Filtered,
    IReadOnlyList<ImageCandidate> Top5,
    string? Doubt,
    int Attempts,
    string Worker,
    DateTimeOffset ReceivedAt,
    DateTimeOffset ClassifiedAt,
    string? Precision,
    float? ModelMs)
{
    /// <summary>Such as <c>3.8 ms in int8</c>; null when neither is known.</summary>
    public string? ModelTime => (ModelMs, Precision) switch
    {
        ({ } ms, { } precision) => string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms in {precision}"),
        ({ } ms, null) => string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms"),
        _ => Precision,
    };
}

/// <summary>One of the five best candidates.</summary>
public sealed record ImageCandidate(string Class, float Confidence, float Similarity);

/// <summary>A row of reviews; <paramref name="Class"/> is null when the image shows none of the known classes.</summary>
public sealed record ReviewRow(long ReviewId, string? Class, string? Note, string ReviewedBy, DateTimeOffset ReviewedAt);

/// <summary>Everything that the page Image shows.</summary>
/// <param name="Image">The newest row of the id.</param>
/// <param name="OtherTimes">Capture times of further rows with the same id.</param>
/// <param name="Classifications">The row that counts first, shadow rows last.</param>
/// <param name="Reviews">Newest first.</param>
/// <param name="Earlier">The image before it of the same camera, within a day.</param>
/// <param name="Later">The image after it.</param>
public sealed record ImageFacts(
    ImageRow Image,
    IReadOnlyList<DateTimeOffset> OtherTimes,
    IReadOnlyList<ClassificationRow> Classifications,
    IReadOnlyList<ReviewRow> Reviews,
    Guid? Earlier,
    Guid? Later);
