namespace PartsWorker.Board.Find;

/// <summary>
/// The filter as SQL. Conditions that the filter does not have are left out rather than written as <c>$1 IS NULL OR</c>, so that the
/// planner sees what it can look up: (image_id), (class, captured_at), or captured_at backwards.
/// </summary>
internal static class FindSql
{
    /// <summary>classifications.doubt is set below this confidence.</summary>
    private const float DoubtBelow = 0.8f;

    private const string GridColumns =
        "c.image_id, c.captured_at, c.line, c.camera, c.class, c.top1_class, c.confidence, c.color, c.shape, c.doubt, c.model";

    private const string NewestReview = """
        EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at AND {class}
                AND NOT EXISTS (SELECT FROM reviews AS n WHERE n.image_id = r.image_id AND n.captured_at = r.captured_at
                                AND n.review_id > r.review_id))
        """;

    /// <summary>One page of images in a window of captured_at, newest first.</summary>
    public static (string Sql, object[] Values) Grid(FindFilter filter, DateTimeOffset? from, DateTimeOffset? to, int limit)
    {
        var statement = Conditions(filter, from, to);
        var sql = $"""
            SELECT {GridColumns}, {(filter.Model is null ? "false AS shadow" : "c.shadow")}
            FROM {Source(filter)} AS c
            {statement.Where}ORDER BY c.captured_at DESC, c.image_id DESC
            LIMIT {statement.Add(limit)}
            """;
        return (sql, statement.Values);
    }

    /// <summary>What counts now, or everything that one model said.</summary>
    public static string Source(FindFilter filter) => filter.Model is null ? "latest_classification" : "classifications";

    public static SqlStatement Conditions(FindFilter filter, DateTimeOffset? from, DateTimeOffset? to)
    {
        var statement = new SqlStatement();
        statement.If("c.captured_at >= {0}", from);
        statement.If("c.captured_at < {0}", to);
        statement.If("c.image_id = {0}", filter.ImageId);
        statement.If("c.model = {0}", filter.Model);
        statement.If("c.line = {0}", filter.Line);
        statement.If("c.camera = {0}", filter.Camera);
        statement.If("c.class = {0}", filter.Class);
        statement.If("c.color = {0}", filter.Color);
        statement.If("c.shape = {0}", filter.Shape);
        statement.If("c.decision = {0}", filter.Decision);
        statement.If("c.confidence >= {0}", filter.MinConfidence);
        statement.If("c.confidence <= {0}", filter.MaxConfidence);
        AddDoubt(statement, filter);
        AddReview(statement, filter.Reviewed);
        AddAttribute(statement, filter.Attribute, from, to);
        AddKey(statement, filter.Before);
        return statement;
    }

    /// <summary>The window again, for a join with images AS i: a plan that starts with images is then bounded too.</summary>
    public static string ImagesWindow(SqlStatement statement, DateTimeOffset? from, DateTimeOffset? to) =>
        (from is null ? "" : $" AND i.captured_at >= {statement.Add(from)}")
        + (to is null ? "" : $" AND i.captured_at < {statement.Add(to)}");

    private static void AddDoubt(SqlStatement statement, FindFilter filter)
    {
        statement.If("c.doubt = {0}", filter.Doubt is "any" ? null : filter.Doubt);
        if (filter.Doubt is "any" || filter.Decision is "unknown" || filter.MaxConfidence < DoubtBelow)
        {
            // The last two imply it, by the definition of the column; said aloud, it lets the index of doubtful rows be used.
            statement.If("c.doubt IS NOT NULL");
        }
    }

    private static void AddReview(SqlStatement statement, string? reviewed)
    {
        switch (reviewed)
        {
            case null:
                break;
            case "*":
                statement.If("EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at)");
                break;
            case "-":
                statement.If(NewestReview.Replace("{class}", "r.class IS NULL", StringComparison.Ordinal));
                break;
            default:
                statement.If(NewestReview.Replace("{class}", $"r.class = {statement.Add(reviewed)}", StringComparison.Ordinal));
                break;
        }
    }

    private static void AddAttribute(
        SqlStatement statement, (string Key, string Value)? attribute, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (attribute is var (key, value))
        {
            statement.If($"""
                EXISTS (SELECT FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at
                        {ImagesWindow(statement, from, to)} AND i.attributes ->> {statement.Add(key)} = {statement.Add(value)})
                """);
        }
    }

    // A comparison of rows does not exclude months; the time alone does.
    private static void AddKey(SqlStatement statement, FindKey? before)
    {
        if (before is { } key)
        {
            var time = statement.Add(key.CapturedAt);
            statement.If($"c.captured_at <= {time}");
            statement.If($"(c.captured_at, c.image_id) < ({time}, {statement.Add(key.ImageId)})");
        }
    }
}
