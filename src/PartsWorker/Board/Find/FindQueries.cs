using Npgsql;

namespace PartsWorker.Board.Find;

/// <summary>The statements of the page Find, except the filter itself: <see cref="FindSql"/>.</summary>
internal sealed class FindQueries(NpgsqlDataSource database)
{
    private const string OldestTime = "SELECT min(c.captured_at) FROM classifications AS c";

    private const string NewestTime = "SELECT max(c.captured_at) FROM classifications AS c WHERE c.captured_at <= now()";

    // Jumps from camera to camera in the index (day, line, camera) instead of reading every row of the week.
    private const string Cameras = """
        WITH RECURSIVE seen AS (
            (SELECT c.day, c.line, c.camera FROM classifications AS c
             WHERE c.captured_at >= $1 AND c.day >= ($1 AT TIME ZONE 'UTC')::date ORDER BY c.day, c.line, c.camera LIMIT 1)
            UNION ALL
            SELECT later.* FROM seen AS s CROSS JOIN LATERAL (
                SELECT c.day, c.line, c.camera FROM classifications AS c
                WHERE c.captured_at >= $1 AND (c.day, c.line, c.camera) > (s.day, s.line, s.camera)
                ORDER BY c.day, c.line, c.camera LIMIT 1) AS later)
        SELECT DISTINCT s.line, s.camera FROM seen AS s ORDER BY s.line, s.camera
        """;

    private const string Classes = "SELECT DISTINCT k.class, k.color, k.shape FROM model_classes AS k ORDER BY k.class";

    private const string Models = "SELECT m.model FROM models AS m ORDER BY m.registered_at DESC, m.model";

    /// <returns>Null when there are no rows.</returns>
    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => TimeAsync(OldestTime, cancellationToken);

    public Task<List<FoundImage>> ImagesAsync((string Sql, object[] Values) statement, CancellationToken cancellationToken) =>
        database.ReadAsync(statement.Sql, statement.Values, Image, cancellationToken);

    public async Task<FindChoices> ChoicesAsync(CancellationToken cancellationToken)
    {
        var newest = await TimeAsync(NewestTime, cancellationToken);
        var cameras = newest is not { } time ? [] : await database.ReadAsync(
            Cameras, [time.AddDays(-7)], row => (Line: row.GetString(0), Camera: row.GetString(1)), cancellationToken);
        var classes = await database.ReadAsync(
            Classes, [], row => (Class: row.GetString(0), Color: row.GetString(1), Shape: row.GetString(2)), cancellationToken);
        var models = await database.ReadAsync(Models, [], row => row.GetString(0), cancellationToken);
        return new(
            Distinct(cameras.Select(row => row.Line)), Distinct(cameras.Select(row => row.Camera)),
            Distinct(classes.Select(row => row.Class)),
            Distinct(classes.Select(row => row.Color)), Distinct(classes.Select(row => row.Shape)), models);
    }

    private async Task<DateTimeOffset?> TimeAsync(string sql, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            sql, [], row => row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0), cancellationToken))[0];

    private static string[] Distinct(IEnumerable<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];

    private static FoundImage Image(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetString(5),
        row.GetFloat(6), row.GetString(7), row.GetString(8), row.TextOrNull(9), row.GetString(10), row.GetBoolean(11));
}
