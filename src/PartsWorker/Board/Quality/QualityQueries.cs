using Npgsql;

namespace PartsWorker.Board.Quality;

/// <summary>The statements of the page Quality; migrations/README.md documents them for everybody.</summary>
internal sealed class QualityQueries(NpgsqlDataSource database)
{
    // A cell for every pair of classes; more than this is not a model of parts.
    private const int MostPairs = 5000;

    private const string Narrowed =
        "($3::text IS NULL OR line = $3) AND ($4::text IS NULL OR camera = $4) AND ($5::text IS NULL OR model = $5)";

    private const string ReviewedWindow = $"FROM review_outcomes WHERE captured_at >= $1 AND captured_at < $2 AND {Narrowed}";

    // A day at a time: the page shows the newest days first, and no statement grows with the window.
    private const string Day = """
        SELECT class, count(*), sum(confidence::float8)
        FROM latest_classification
        WHERE day = $1 AND ($2::text IS NULL OR line = $2) AND ($3::text IS NULL OR camera = $3) AND ($4::text IS NULL OR model = $4)
        GROUP BY class
        ORDER BY count(*) DESC, class
        """;

    private const string Reviewed = $"""
        SELECT day, count(*), count(*) FILTER (WHERE correct) {ReviewedWindow} GROUP BY day ORDER BY day
        """;

    private const string Confusion = $"""
        SELECT answered_class, reviewed_class, count(*) {ReviewedWindow}
        GROUP BY answered_class, reviewed_class
        ORDER BY count(*) DESC, answered_class, reviewed_class
        LIMIT $6
        """;

    private const string Drift = """
        SELECT day, line, camera, parts, unknown_share::float8, mean_confidence, reference_first_day,
               reference_unknown_share::float8, reference_mean_confidence, class_mix_distance
        FROM camera_drift
        WHERE day = $1 AND ($2::text IS NULL OR line = $2) AND ($3::text IS NULL OR camera = $3)
        ORDER BY line, camera
        """;

    private const string Images = $"""
        SELECT image_id, captured_at, line, camera, model, confidence, reviewed_by, reviewed_at {ReviewedWindow}
          AND answered_class IS NOT DISTINCT FROM $6::text AND reviewed_class IS NOT DISTINCT FROM $7::text
          AND (captured_at, image_id) < ($8, $9)
        ORDER BY captured_at DESC, image_id DESC
        LIMIT $10
        """;

    // Jumps from camera to camera in the index (day, line, camera) instead of reading every row of the day.
    private const string Cameras = """
        WITH RECURSIVE seen AS (
            (SELECT c.line, c.camera FROM classifications AS c WHERE c.day = $1 ORDER BY c.line, c.camera LIMIT 1)
            UNION ALL
            SELECT later.* FROM seen AS s CROSS JOIN LATERAL (
                SELECT c.line, c.camera FROM classifications AS c
                WHERE c.day = $1 AND (c.line, c.camera) > (s.line, s.camera)
                ORDER BY c.line, c.camera LIMIT 1) AS later)
        SELECT line, camera FROM seen
        """;

    private const string Models = "SELECT model FROM models ORDER BY registered_at DESC, model";

    public async Task<QualityDay> DayAsync(QualityFilter filter, DateOnly day, CancellationToken cancellationToken) => new(
        day,
        await database.ReadAsync(
            Day, [day, filter.Line, filter.Camera, filter.Model],
            row => new ClassCount(row.TextOrNull(0), row.GetInt64(1), row.GetDouble(2)), cancellationToken));

    public Task<List<ReviewedDay>> ReviewedAsync(QualityFilter filter, CancellationToken cancellationToken) => database.ReadAsync(
        Reviewed, Window(filter), row => new ReviewedDay(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), row.GetInt64(2)),
        cancellationToken);

    public Task<List<ConfusionPair>> ConfusionAsync(QualityFilter filter, CancellationToken cancellationToken) => database.ReadAsync(
        Confusion, [.. Window(filter), MostPairs],
        row => new ConfusionPair(row.TextOrNull(0), row.TextOrNull(1), row.GetInt64(2)), cancellationToken);

    public Task<List<CameraDrift>> DriftAsync(QualityFilter filter, DateOnly day, CancellationToken cancellationToken) =>
        database.ReadAsync(Drift, [day, filter.Line, filter.Camera], Drifted, cancellationToken);

    /// <summary>Newest first, strictly before the key.</summary>
    public Task<List<ReviewedImage>> ImagesAsync(ReviewedImagesFilter filter, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(
            Images, [.. Window(filter.Time), filter.Answered, filter.Reviewed, filter.BeforeTime, filter.BeforeImage, count],
            row => new ReviewedImage(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFloat(5),
                row.GetString(6), row.GetFieldValue<DateTimeOffset>(7)),
            cancellationToken);

    public async Task<QualityChoices> ChoicesAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var cameras = await database.ReadAsync(
            Cameras, [day], row => (Line: row.GetString(0), Camera: row.GetString(1)), cancellationToken);
        var models = await database.ReadAsync(Models, [], row => row.GetString(0), cancellationToken);
        return new(
            [.. cameras.Select(row => row.Line).Distinct()],
            [.. cameras.Select(row => row.Camera).Distinct().Order(StringComparer.Ordinal)], models);
    }

    private static object?[] Window(QualityFilter filter) => [filter.From, filter.Until, filter.Line, filter.Camera, filter.Model];

    private static CameraDrift Drifted(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateOnly>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5),
        row.GetFieldValue<DateOnly>(6), NumberOrNull(row, 7), NumberOrNull(row, 8), NumberOrNull(row, 9));

    private static double? NumberOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
