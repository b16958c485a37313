namespace PartsWorker.Board.Find.Export;

/// <summary>How a value is written.</summary>
internal enum ExportKind
{
    Text,
    Id,
    Time,
    Number,
    Count,
    Flag,
    Uri,
}

/// <summary>A column of the CSV file.</summary>
/// <param name="Name">Header; the name of the column in the data dictionary where there is one.</param>
/// <param name="Sql">The expression.</param>
/// <param name="Kind">How it is written.</param>
internal sealed record ExportColumn(string Name, string Sql, ExportKind Kind = ExportKind.Text);

/// <summary>The columns of the export in their order; deploy/OPERATIONS.md, "CSV export", documents them.</summary>
internal static class ExportColumns
{
    /// <param name="hasShadow">Whether the rows come from classifications; latest_classification has no shadow rows.</param>
    public static ExportColumn[] Of(bool hasShadow) =>
    [
        new("image_id", "c.image_id", ExportKind.Id),
        new("captured_at", "c.captured_at", ExportKind.Time),
        new("line", "c.line"),
        new("camera", "c.camera"),
        new("model", "c.model"),
        new("lane", "c.lane"),
        new("shadow", hasShadow ? "c.shadow" : "false", ExportKind.Flag),
        new("decision", "c.decision"),
        new("class", "c.class"),
        new("confidence", "c.confidence", ExportKind.Number),
        new("color", "c.color"),
        new("color_confidence", "c.color_confidence", ExportKind.Number),
        new("shape", "c.shape"),
        new("shape_confidence", "c.shape_confidence", ExportKind.Number),
        new("max_similarity", "c.max_similarity", ExportKind.Number),
        new("doubt", "c.doubt"),
        new("top1_class", "c.top1_class"),
        new("filter_class", "c.filter_class"),
        new("filter_path", "c.filter_path"),
        new("attempts", "c.attempts", ExportKind.Count),
        new("worker", "c.worker"),
        new("published_at", "i.published_at", ExportKind.Time),
        new("received_at", "c.received_at", ExportKind.Time),
        new("classified_at", "c.classified_at", ExportKind.Time),
        new("uri", "i.uri", ExportKind.Uri),
        new("attributes", "i.attributes::text"),
        new("reviewed_class", "r.class"),
        new("reviewed_by", "r.reviewed_by"),
        new("reviewed_at", "r.reviewed_at", ExportKind.Time),
    ];

    /// <summary>Every row of the filter, newest first, with its image and its newest review.</summary>
    public static (string Sql, object[] Values) Statement(FindFilter filter, DateTimeOffset now)
    {
        var (from, to) = filter.Window(now);
        var statement = FindSql.Conditions(filter, from, to);
        var columns = Of(hasShadow: filter.Model is not null).Select(column => column.Sql);
        return ($"""
            SELECT {string.Join(", ", columns)}
            FROM {FindSql.Source(filter)} AS c
            LEFT JOIN images AS i ON i.image_id = c.image_id AND i.captured_at = c.captured_at{FindSql.ImagesWindow(statement, from, to)}
            LEFT JOIN LATERAL (
                SELECT n.class, n.reviewed_by, n.reviewed_at FROM reviews AS n
                WHERE n.image_id = c.image_id AND n.captured_at = c.captured_at ORDER BY n.review_id DESC LIMIT 1) AS r ON true
            {statement.Where}ORDER BY c.captured_at DESC, c.image_id DESC
            """, statement.Values);
    }
}
