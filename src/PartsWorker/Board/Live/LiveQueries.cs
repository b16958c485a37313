using Npgsql;

namespace PartsWorker.Board.Live;

/// <summary>The statements of the page Live; migrations/README.md documents them for everybody.</summary>
internal sealed class LiveQueries(NpgsqlDataSource database)
{
    private const string Columns =
        "c.image_id, c.captured_at, c.line, c.camera, c.class, c.confidence, c.color, c.shape, c.doubt";

    private const string Minutes = """
        SELECT date_trunc('minute', c.classified_at, 'UTC') AS minute, c.line, c.camera, count(*),
               count(*) FILTER (WHERE c.class IS NULL), count(*) FILTER (WHERE c.doubt IS NOT NULL),
               coalesce(avg(extract(epoch FROM c.classified_at - c.captured_at)), 0)::float8
        FROM classifications AS c
        WHERE c.classified_at >= $1 AND NOT c.shadow AND c.lane = 'live'
        GROUP BY minute, c.line, c.camera
        """;

    private const string LastOfCameras = $"""
        SELECT DISTINCT ON (c.line, c.camera) {Columns}
        FROM classifications AS c
        WHERE c.classified_at >= $1 AND NOT c.shadow AND c.lane = 'live'
        ORDER BY c.line, c.camera, c.classified_at DESC
        """;

    // A camera whose clock is years ahead must not head this list for years.
    private const string Recent = $"""
        SELECT {Columns} FROM classifications AS c WHERE NOT c.shadow AND c.lane = 'live'
          AND c.captured_at <= now() + interval '5 minutes'
        ORDER BY c.captured_at DESC LIMIT $1
        """;

    private const string Serving = "SELECT s.model, s.changed_at, s.shadow_model FROM serving AS s";

    private const string Workers = "SELECT DISTINCT c.worker FROM classifications AS c WHERE c.classified_at >= $1 ORDER BY c.worker";

    public Task<List<CameraMinute>> MinutesAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync(Minutes, [since], row => new CameraMinute(
            row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetDouble(6)), cancellationToken);

    public Task<List<LiveImage>> LastOfCamerasAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync(LastOfCameras, [since], Image, cancellationToken);

    public async Task<List<LiveImage>> RecentAsync(int count, CancellationToken cancellationToken)
    {
        // Two models may both have answered, when another one was activated while the image was on its way.
        var rows = await database.ReadAsync(Recent, [2 * count], Image, cancellationToken);
        return [.. rows.DistinctBy(row => row.ImageId).Take(count)];
    }

    public async Task<(string? Model, DateTimeOffset Since, string? Shadow)> ServingAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            Serving, [], row => (row.TextOrNull(0), row.GetFieldValue<DateTimeOffset>(1), row.TextOrNull(2)), cancellationToken);
        return rows.Count > 0 ? rows[0] : default;
    }

    public Task<List<string>> WorkersAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        database.ReadAsync(Workers, [since], row => row.GetString(0), cancellationToken);

    private static LiveImage Image(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetFloat(5),
        row.GetString(6), row.GetString(7), row.TextOrNull(8));
}
