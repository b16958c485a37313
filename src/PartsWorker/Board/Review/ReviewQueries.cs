using System.Text.Json;
using Npgsql;

namespace PartsWorker.Board.Review;

/// <summary>The statements of the page Review. They run under the login of the person.</summary>
internal static class ReviewQueries
{
    /// <summary>Enough to suggest; the whole queue may have millions.</summary>
    private const int SuggestFrom = 1000;

    private const string Columns = """
        n.image_id, n.captured_at, n.line, n.camera, n.reason, n.class, n.confidence, n.color, n.color_confidence, n.shape,
        n.shape_confidence,
        n.max_similarity, n.model, n.top1_class, n.filter_class, n.filter_path, n.top5::text
        """;

    // The classes of the active model first: a database may know many products.
    private const string Classes = """
        SELECT m.class FROM model_classes AS m
        GROUP BY m.class
        ORDER BY bool_or(m.model = (SELECT s.model FROM serving AS s)) IS NOT TRUE, m.class
        LIMIT 20000
        """;

    // Else a camera whose clock says 2090 would lead the list for decades. Such images are found by a filter with an end.
    private const string NotInTheFuture = " AND n.captured_at <= now() + interval '1 day'";

    private const string Places = $"""
        SELECT DISTINCT newest.line, newest.camera, newest.model
        FROM (SELECT n.line, n.camera, n.model FROM needs_review AS n
              WHERE true{NotInTheFuture} ORDER BY n.captured_at DESC LIMIT $1) AS newest
        """;

    /// <summary>The next images of the queue, newest first.</summary>
    /// <param name="database">Connections of the person.</param>
    /// <param name="filter">Which images.</param>
    /// <param name="after">The last image that has been read; null to begin with the newest.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static Task<List<ReviewImage>> QueueAsync(
        NpgsqlDataSource database, ReviewFilter filter, ReviewImage? after, int count, CancellationToken cancellationToken)
    {
        var (conditions, values) = filter.ToSql();
        if (filter.To is null)
        {
            conditions += NotInTheFuture;
        }

        if (after is not null)
        {
            // The first condition is what excludes whole months.
            conditions += $" AND n.captured_at <= ${values.Count + 1}"
                + $" AND (n.captured_at, n.image_id) < (${values.Count + 1}, ${values.Count + 2})";
            values.AddRange([after.CapturedAt, after.ImageId]);
        }

        values.Add(count);
        var sql = $"SELECT {Columns} FROM needs_review AS n WHERE {conditions} "
            + $"ORDER BY n.captured_at DESC, n.image_id DESC LIMIT ${values.Count}";
        return database.ReadAsync(sql, [.. values], Read, cancellationToken);
    }

    /// <summary>Every class that PostgreSQL accepts in a review.</summary>
    public static Task<List<string>> ClassesAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        database.ReadAsync(Classes, [], row => row.GetString(0), cancellationToken);

    public static async Task<ReviewSuggestions> SuggestionsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var places = await database.ReadAsync(
            Places, [SuggestFrom], row => (Line: row.GetString(0), Camera: row.GetString(1), Model: row.GetString(2)), cancellationToken);
        var classes = await ClassesAsync(database, cancellationToken);
        return new ReviewSuggestions(
            Distinct(places.Select(place => place.Line)), Distinct(places.Select(place => place.Camera)),
            Distinct(places.Select(place => place.Model)), classes);
    }

    /// <returns>How many were taken back: reviews of others and old ones stay.</returns>
    public static async Task<long> WithdrawAsync(
        NpgsqlDataSource database, IReadOnlyList<long> reviews, CancellationToken cancellationToken)
    {
        const string Sql = "SELECT withdraw_reviews($1::bigint[])";
        return (await database.ReadAsync(Sql, [reviews.ToArray()], row => row.GetInt64(0), cancellationToken))[0];
    }

    /// <summary>Column top5; rows of other writers may have less or more in it.</summary>
    internal static List<ReviewCandidate> Candidates(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Array ? [] :
        [
            .. document.RootElement.EnumerateArray()
                .Where(entry => entry.ValueKind == JsonValueKind.Object
                    && entry.TryGetProperty("class", out var name) && name.ValueKind == JsonValueKind.String)
                .Take(5)
                .Select(entry => new ReviewCandidate(
                    entry.GetProperty("class").GetString()!, Number(entry, "confidence"), Number(entry, "similarity"))),
        ];
    }

    private static float Number(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.TryGetSingle(out var number) ? number : 0;

    private static List<string> Distinct(IEnumerable<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];

    private static ReviewImage Read(NpgsqlDataReader row) => new()
    {
        ImageId = row.GetGuid(0),
        CapturedAt = row.GetFieldValue<DateTimeOffset>(1),
        Line = row.GetString(2),
        Camera = row.GetString(3),
        Reason = row.GetString(4),
        Class = row.TextOrNull(5),
        Confidence = row.GetFloat(6),
        Color = row.GetString(7),
        ColorConfidence = row.GetFloat(8),
        Shape = row.GetString(9),
        ShapeConfidence = row.GetFloat(10),
        MaxSimilarity = row.GetFloat(11),
        Model = row.GetString(12),
        Top1Class = row.GetString(13),
        FilterClass = row.GetString(14),
        FilterPath = row.GetString(15),
        Candidates = Candidates(row.GetString(16)),
    };
}
