using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PartsWorker.Client;

namespace PartsWorker.Reprocessing;

/// <summary>The images of a request that its model has not classified yet. Shadow rows do not count: they are never shown.</summary>
internal sealed class ReprocessSelection(NpgsqlDataSource source, ReprocessRequest request)
{
    private const string NotClassified = """
         FROM images AS i
         WHERE i.captured_at >= $2 AND i.captured_at < $3 AND ($4 IS NULL OR i.line = $4) AND ($5 IS NULL OR i.camera = $5)
           AND NOT EXISTS (SELECT FROM classifications AS done
                           WHERE done.image_id = i.image_id AND done.captured_at = i.captured_at AND done.model = $1 AND NOT done.shadow)
        """;

    private const string HasResult = """
           AND EXISTS (SELECT FROM latest_classification AS c
                       WHERE c.image_id = i.image_id AND c.captured_at = i.captured_at AND ($6 IS NULL OR c.class = $6)
                         AND ($7 IS NULL OR c.confidence <= $7) AND ($8 IS NULL OR c.decision = $8))
        """;

    /// <summary>Number of images left to classify, without regard to the limit.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = Command($"SELECT count(*) {NotClassified}{Conditions}", cursor: null);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The next images of a run in the order of capture.</summary>
    /// <param name="startedAt">Start of the run: images that are stored later do not belong to it, as in reprocess_left.</param>
    /// <param name="after">The last image that was read; null for the first page.</param>
    /// <param name="count">Most images to read.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyList<ImageReference>> ReadAsync(
        DateTimeOffset startedAt, ReprocessCursor? after, int count, CancellationToken cancellationToken)
    {
        var bound = after is null ? "" : " AND (i.captured_at, i.image_id) > ($9, $10)";
        await using var command = Command(
            $"""
            SELECT i.image_id, i.captured_at, i.line, i.camera, i.uri, i.sha256, i.attributes::text
            {NotClassified} AND i.stored_at <= $11 {Conditions}{bound}
            ORDER BY i.captured_at, i.image_id LIMIT {count}
            """,
            after, startedAt);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var references = new List<ImageReference>(count);
        while (await reader.ReadAsync(cancellationToken))
        {
            references.Add(new ImageReference
            {
                ImageId = reader.GetGuid(0),
                CapturedAt = reader.GetFieldValue<DateTimeOffset>(1),
                Line = reader.GetString(2),
                Camera = reader.GetString(3),
                Uri = reader.GetString(4),
                Sha256 = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5),
                Attributes = await reader.IsDBNullAsync(6, cancellationToken) ? null : StringAttributes(reader.GetString(6)),
            });
        }

        return references;
    }

    private string Conditions => request.Filter.FiltersOnResult ? HasResult : "";

    private NpgsqlCommand Command(string sql, ReprocessCursor? cursor, DateTimeOffset? startedAt = null)
    {
        var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        var filter = request.Filter;
        (object? Value, NpgsqlDbType Type)[] values =
        [
            (request.Model, NpgsqlDbType.Text), (request.From, NpgsqlDbType.TimestampTz), (request.To, NpgsqlDbType.TimestampTz),
            (filter.Line, NpgsqlDbType.Text), (filter.Camera, NpgsqlDbType.Text), (filter.Class, NpgsqlDbType.Text),
            (filter.MaxConfidence, NpgsqlDbType.Real), (filter.Decision, NpgsqlDbType.Text),
            (cursor?.CapturedAt, NpgsqlDbType.TimestampTz), (cursor?.ImageId, NpgsqlDbType.Uuid),
            (startedAt, NpgsqlDbType.TimestampTz),
        ];
        foreach (var (value, type) in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        }

        return command;
    }

    // Unknown fields of the first message are stored beside the attributes; only the attributes are published again.
    private static Dictionary<string, string>? StringAttributes(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Object ? null : document.RootElement.EnumerateObject()
            .Where(field => field.Value.ValueKind == JsonValueKind.String)
            .ToDictionary(field => field.Name, field => field.Value.GetString()!, StringComparer.Ordinal);
    }
}
