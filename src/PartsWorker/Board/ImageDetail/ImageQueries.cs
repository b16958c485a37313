using System.Text.Json;
using Npgsql;
using PartsWorker.References;

namespace PartsWorker.Board.ImageDetail;

/// <summary>The statements of the page Image. All of them look up keys.</summary>
internal sealed class ImageQueries(NpgsqlDataSource database)
{
    private const string Images = """
        SELECT i.image_id, i.captured_at, i.line, i.camera, i.uri, i.sha256, i.attributes::text, i.width, i.height,
               i.published_at, i.stored_at, i.fault
        FROM images AS i WHERE i.image_id = $1 ORDER BY i.captured_at DESC LIMIT 10
        """;

    private const string Classifications = """
        SELECT c.model, EXISTS (SELECT FROM latest_classification AS l
                                WHERE l.image_id = c.image_id AND l.captured_at = c.captured_at AND l.model = c.model
                                  AND NOT c.shadow) AS is_current,
               c.shadow, c.lane, c.decision, c.class, c.confidence, c.color, c.color_confidence, c.shape, c.shape_confidence,
               c.max_similarity, c.top1_class, c.filter_class, c.filter_path, c.top5::text, c.doubt,
               c.attempts, c.worker, c.received_at, c.classified_at, c.model_precision, c.model_ms
        FROM classifications AS c WHERE c.image_id = $1 AND c.captured_at = $2
        ORDER BY is_current DESC, c.shadow, c.classified_at DESC, c.model LIMIT 50
        """;

    private const string Reviews = """
        SELECT r.review_id, r.class, r.note, r.reviewed_by, r.reviewed_at
        FROM reviews AS r WHERE r.image_id = $1 AND r.captured_at = $2 ORDER BY r.review_id DESC LIMIT 100
        """;

    // A day bounds the search for a camera that has stopped.
    private const string Earlier = """
        SELECT i.image_id FROM images AS i
        WHERE i.line = $1 AND i.camera = $2 AND i.captured_at BETWEEN $3 - interval '1 day' AND $3
          AND (i.captured_at, i.image_id) < ($3, $4)
        ORDER BY i.captured_at DESC, i.image_id DESC LIMIT 1
        """;

    private const string Later = """
        SELECT i.image_id FROM images AS i
        WHERE i.line = $1 AND i.camera = $2 AND i.captured_at BETWEEN $3 AND $3 + interval '1 day'
          AND (i.captured_at, i.image_id) > ($3, $4)
        ORDER BY i.captured_at, i.image_id LIMIT 1
        """;

    private const string Classes = "SELECT DISTINCT k.class FROM model_classes AS k ORDER BY k.class";

    /// <returns>Null when the database has no such image.</returns>
    public async Task<ImageFacts?> FindAsync(Guid imageId, CancellationToken cancellationToken)
    {
        var images = await database.ReadAsync(Images, [imageId], Image, cancellationToken);
        if (images.Count == 0)
        {
            return null;
        }

        var image = images[0];
        var earlier = await NeighborAsync(Earlier, image, cancellationToken);
        var later = await NeighborAsync(Later, image, cancellationToken);
        return new(
            image,
            [.. images.Skip(1).Select(other => other.CapturedAt)],
            await database.ReadAsync(Classifications, [imageId, image.CapturedAt], Classification, cancellationToken),
            await ReviewsAsync(image, cancellationToken),
            earlier,
            later);
    }

    public Task<List<ReviewRow>> ReviewsAsync(ImageRow image, CancellationToken cancellationToken) => database.ReadAsync(
        Reviews,
        [image.ImageId, image.CapturedAt],
        row => new ReviewRow(row.GetInt64(0), row.TextOrNull(1), row.TextOrNull(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)),
        cancellationToken);

    public Task<List<string>> ClassesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(Classes, [], row => row.GetString(0), cancellationToken);

    private async Task<Guid?> NeighborAsync(string sql, ImageRow image, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            sql, [image.Line, image.Camera, image.CapturedAt, image.ImageId], row => row.GetGuid(0), cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    private static ImageRow Image(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), SafeUri.Of(row.GetString(4)),
        row.TextOrNull(5), row.TextOrNull(6), row.GetInt32(7), row.GetInt32(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        row.GetFieldValue<DateTimeOffset>(10), row.TextOrNull(11));

    private static ClassificationRow Classification(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetString(3), row.GetString(4), row.TextOrNull(5), row.GetFloat(6),
        (row.GetString(7), row.GetFloat(8)), (row.GetString(9), row.GetFloat(10)), row.GetFloat(11), row.GetString(12),
        (row.GetString(13), row.GetString(14)), Candidates(row.GetString(15)), row.TextOrNull(16), row.GetInt32(17), row.GetString(18),
        row.GetFieldValue<DateTimeOffset>(19), row.GetFieldValue<DateTimeOffset>(20), row.TextOrNull(21),
        row.IsDBNull(22) ? null : row.GetFloat(22));

    // Rows of other writers may have another shape: the page then shows no candidates rather than nothing at all.
    internal static IReadOnlyList<ImageCandidate> Candidates(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<ImageCandidate?>>(json, JsonSerializerOptions.Web)
                ?.OfType<ImageCandidate>().ToArray() ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
