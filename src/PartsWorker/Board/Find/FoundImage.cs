namespace PartsWorker.Board.Find;

/// <summary>One image of the grid, as one model classified it.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CapturedAt">When the camera took it.</param>
/// <param name="Line">Production line.</param>
/// <param name="Camera">Camera on that line.</param>
/// <param name="Class">Null when the decision is unknown.</param>
/// <param name="Nearest">Class of the most similar gallery row.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Color">Color by the meta model.</param>
/// <param name="Shape">Shape by the meta model.</param>
/// <param name="Doubt">Why a person should look; null when there is no doubt.</param>
/// <param name="Model">The model.</param>
/// <param name="IsShadow">Whether it ran as the shadow model.</param>
public sealed record FoundImage(
    Guid ImageId,
    DateTimeOffset CapturedAt,
    string Line,
    string Camera,
    string? Class,
    string Nearest,
    float Confidence,
    string Color,
    string Shape,
    string? Doubt,
    string Model,
    bool IsShadow)
{
    public FindKey Key => new(CapturedAt, ImageId);
}
