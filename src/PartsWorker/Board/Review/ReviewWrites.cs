using Npgsql;

namespace PartsWorker.Board.Review;

/// <summary>Writes reviews under the login of the person, and only over reviews that the person has seen.</summary>
internal static class ReviewWrites
{
    // Two people who decide the same image in the same moment: the second waits, and its INSERT then sees the review of the first.
    internal const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('partsworker.board.reviews', 0))";

    private const string Insert = """
        INSERT INTO reviews (image_id, captured_at, class, note)
        SELECT decided.image_id, decided.captured_at, $3::text, $4::text
        FROM unnest($1::uuid[], $2::timestamptz[]) AS decided (image_id, captured_at)
        WHERE NOT EXISTS (
            SELECT FROM reviews AS r
            WHERE r.image_id = decided.image_id AND r.captured_at = decided.captured_at AND r.review_id > $5)
        RETURNING review_id
        """;

    private const string Others = """
        SELECT newest.image_id, newest.review_id, newest.class, newest.reviewed_by
        FROM (
            SELECT DISTINCT ON (r.image_id) r.image_id, r.review_id, r.class, r.reviewed_by
            FROM unnest($1::uuid[], $2::timestamptz[]) AS asked (image_id, captured_at) JOIN reviews AS r USING (image_id, captured_at)
            ORDER BY r.image_id, r.review_id DESC) AS newest
        WHERE newest.review_id <> ALL ($3::bigint[])
        """;

    /// <summary>Gives one class to all these images in one statement.</summary>
    /// <param name="database">Connections of the person.</param>
    /// <param name="images">At least one.</param>
    /// <param name="className">Null when the images show none of the known classes.</param>
    /// <param name="note">Free text.</param>
    /// <param name="seen">The newest review that the person knows; 0 when the images had none.</param>
    /// <returns>The numbers of the written reviews; fewer than images when others have reviewed some of them meanwhile.</returns>
    public static Task<List<long>> WriteAsync(
        NpgsqlDataSource database, IReadOnlyList<ImageKey> images, string? className, string? note = null, long seen = 0)
    {
        // Not ended by leaving the page: what was decided is written.
        return database.ReadAsync(Insert, [.. Keys(images), className, note, seen], row => row.GetInt64(0), CancellationToken.None, Lock);
    }

    /// <returns>The newest review of each of these images, except those just written.</returns>
    public static Task<List<OtherReview>> OthersAsync(
        NpgsqlDataSource database, IReadOnlyList<ImageKey> images, IReadOnlyList<long> written, CancellationToken cancellationToken) =>
        database.ReadAsync(
            Others, [.. Keys(images), written.ToArray()],
            row => new OtherReview(row.GetGuid(0), row.GetInt64(1), row.TextOrNull(2), row.GetString(3)), cancellationToken);

    private static object?[] Keys(IReadOnlyList<ImageKey> images) =>
        [images.Select(image => image.ImageId).ToArray(), images.Select(image => image.CapturedAt.ToUniversalTime()).ToArray()];
}

/// <summary>The key of an image.</summary>
internal sealed record ImageKey(Guid ImageId, DateTimeOffset CapturedAt);

/// <summary>Review of another person, written meanwhile; class null = none of the known classes.</summary>
internal sealed record OtherReview(Guid ImageId, long ReviewId, string? Class, string By)
{
    public static string Name(string? className) => className ?? "none of the known classes";
}

/// <summary>Images that others have given another class meanwhile, and the class that this person wanted.</summary>
internal sealed record ReviewConflict(IReadOnlyList<ReviewImage> Images, string? Class, IReadOnlyList<OtherReview> Others);
