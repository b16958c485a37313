using Npgsql;

namespace PartsWorker.Comparing;

/// <summary>Two models over the images that both have classified in a window.</summary>
internal sealed record ModelDiff(
    string ModelA,
    string ModelB,
    DateTimeOffset From,
    DateTimeOffset To,
    DiffTotals Totals,
    IReadOnlyList<ClassChange> Changes,
    IReadOnlyList<DiffExample> Examples);

/// <param name="Images">Classified by both.</param>
/// <param name="Agreeing">Same class, or both unknown.</param>
/// <param name="UnknownA">Unknown to the first model.</param>
/// <param name="UnknownB">Unknown to the second.</param>
/// <param name="ConfidenceA">Mean confidence of the first, 0 to 1.</param>
/// <param name="ConfidenceB">Mean confidence of the second.</param>
/// <param name="Reviewed">Images among them that a person has reviewed.</param>
/// <param name="RightA">Reviewed images on which the first model agrees with the person.</param>
/// <param name="RightB">The same for the second.</param>
internal sealed record DiffTotals(
    long Images,
    long Agreeing,
    long UnknownA,
    long UnknownB,
    double ConfidenceA,
    double ConfidenceB,
    long Reviewed,
    long RightA,
    long RightB);

/// <summary>
/// One change: class by the first model, class by the second (null = unknown), how often, and both mean confidences.
/// </summary>
internal sealed record ClassChange(string? From, string? To, long Images, double ConfidenceFrom, double ConfidenceTo);

internal sealed record DiffExample(Guid ImageId, string Uri, string? ClassA, double ConfidenceA, string? ClassB, double ConfidenceB);

/// <summary>Reads a <see cref="ModelDiff"/> from SQL.</summary>
internal sealed class ModelDiffReader(NpgsqlDataSource source)
{
    private const string Pairs = """
        WITH pair AS (
            SELECT a.image_id, a.captured_at, a.class AS class_a, a.confidence AS confidence_a,
                   b.class AS class_b, b.confidence AS confidence_b
            FROM classifications AS a JOIN classifications AS b USING (image_id, captured_at)
            WHERE a.model = $1 AND b.model = $2
              AND a.captured_at >= $3 AND a.captured_at < $4 AND b.captured_at >= $3 AND b.captured_at < $4)
        """;

    public async Task<ModelDiff> ReadAsync(
        string modelA, string modelB, DateTimeOffset from, DateTimeOffset to, int examples, CancellationToken cancellationToken)
    {
        object[] window = [modelA, modelB, from, to];
        var totals = await ReadAsync(Totals, window, reader => new DiffTotals(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetDouble(4), reader.GetDouble(5),
            reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)), cancellationToken);
        var changes = await ReadAsync(Changes, window, reader => new ClassChange(
            Text(reader, 0), Text(reader, 1), reader.GetInt64(2), reader.GetDouble(3), reader.GetDouble(4)), cancellationToken);
        var shown = await ReadAsync(Examples, [.. window, examples], reader => new DiffExample(
            reader.GetGuid(0), reader.GetString(1), Text(reader, 2), reader.GetFloat(3), Text(reader, 4), reader.GetFloat(5)),
            cancellationToken);
        return new ModelDiff(modelA, modelB, from, to, totals[0], changes, shown);
    }

    private const string Totals = Pairs + """
         SELECT count(*), count(*) FILTER (WHERE class_a IS NOT DISTINCT FROM class_b), count(*) FILTER (WHERE class_a IS NULL),
                count(*) FILTER (WHERE class_b IS NULL), coalesce(avg(confidence_a), 0), coalesce(avg(confidence_b), 0),
                count(review.review_id), count(*) FILTER (WHERE review.review_id IS NOT NULL AND class_a IS NOT DISTINCT FROM review.class),
                count(*) FILTER (WHERE review.review_id IS NOT NULL AND class_b IS NOT DISTINCT FROM review.class)
         FROM pair LEFT JOIN LATERAL (
             SELECT r.review_id, r.class FROM reviews AS r WHERE r.image_id = pair.image_id AND r.captured_at = pair.captured_at
             ORDER BY r.review_id DESC LIMIT 1) AS review ON true
        """;

    private const string Changes = Pairs + """
         SELECT class_a, class_b, count(*), avg(confidence_a), avg(confidence_b) FROM pair WHERE class_a IS DISTINCT FROM class_b
         GROUP BY class_a, class_b ORDER BY count(*) DESC, class_a, class_b LIMIT 100
        """;

    // The surest disagreements first: there one of the two is plainly wrong.
    private const string Examples = Pairs + """
         SELECT pair.image_id, i.uri, class_a, confidence_a, class_b, confidence_b
         FROM pair JOIN images AS i USING (image_id, captured_at) WHERE class_a IS DISTINCT FROM class_b
         ORDER BY confidence_a + confidence_b DESC, pair.image_id LIMIT $5
        """;

    private async Task<List<T>> ReadAsync<T>(
        string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
