namespace PartsWorker.Board.Live;

/// <summary>The answer for one image as every page shows it.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="CapturedAt">When the camera took it.</param>
/// <param name="Line">Production line.</param>
/// <param name="Camera">Camera on that line.</param>
/// <param name="Class">Null when the decision is unknown.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Color">Color by the meta model.</param>
/// <param name="Shape">Shape by the meta model.</param>
/// <param name="Doubt">Why a person should look; null when there is no doubt.</param>
public sealed record LiveImage(
    Guid ImageId,
    DateTimeOffset CapturedAt,
    string Line,
    string Camera,
    string? Class,
    float Confidence,
    string Color,
    string Shape,
    string? Doubt);

/// <summary>One camera in one minute of storing.</summary>
/// <param name="Minute">Start of the minute, UTC.</param>
/// <param name="Line">Production line.</param>
/// <param name="Camera">Camera on that line.</param>
/// <param name="Parts">Rows written.</param>
/// <param name="Unknown">Of these, without a class.</param>
/// <param name="Doubtful">Of these, with a reason to look.</param>
/// <param name="Delay">Mean seconds from capture to row.</param>
public sealed record CameraMinute(DateTimeOffset Minute, string Line, string Camera, long Parts, long Unknown, long Doubtful, double Delay);

/// <summary>One camera now: its last image and its last full minute.</summary>
public sealed record LiveCamera(LiveImage Last, long PartsPerMinute, double UnknownShare, double DoubtfulShare, double Delay);

/// <summary>What the page Live shows.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Model">Active model; null when none is activated.</param>
/// <param name="ModelSince">Since when.</param>
/// <param name="Shadow">Shadow model; null when there is none.</param>
/// <param name="Workers">Names of the workers that wrote in the last two minutes.</param>
/// <param name="Cameras">By line and camera.</param>
/// <param name="PartsByMinute">The last 60 full minutes, oldest first.</param>
/// <param name="UnknownByMinute">Share of unknown in these minutes, 0 to 1.</param>
/// <param name="Recent">The newest images first.</param>
public sealed record LiveSnapshot(
    DateTimeOffset At,
    string? Model,
    DateTimeOffset? ModelSince,
    string? Shadow,
    IReadOnlyList<string> Workers,
    IReadOnlyList<LiveCamera> Cameras,
    IReadOnlyList<double> PartsByMinute,
    IReadOnlyList<double> UnknownByMinute,
    IReadOnlyList<LiveImage> Recent);
