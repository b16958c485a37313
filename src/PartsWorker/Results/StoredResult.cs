using System.Text.Json;
using Npgsql;
using PartsWorker.Client;

namespace PartsWorker.Results;

/// <summary>A row of <c>classifications</c> as a result: from what was just written, or as <c>stored_results</c> returns it.</summary>
internal static class StoredResult
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    /// <param name="row">A row with <see cref="ResultRow.StoredAt"/>.</param>
    public static ClassificationResult Of(ResultRow row) => new()
    {
        ImageId = row.ImageId,
        CapturedAt = row.CapturedAt,
        Model = row.ModelKey,
        Line = row.Line,
        Camera = row.Camera,
        Lane = LaneOf(row.Lane),
        Decision = row.Decision,
        Class = row.ClassName,
        Confidence = row.Confidence,
        Color = row.Color,
        ColorConfidence = row.ColorConfidence,
        Shape = row.Shape,
        ShapeConfidence = row.ShapeConfidence,
        Top5 = [.. Top5Json.Entries(row).Select(entry => new ResultCandidate(entry.Class, entry.Confidence, entry.Similarity))],
        PublishedAt = row.PublishedAt,
        ReceivedAt = row.ReceivedAt,
        StoredAt = row.StoredAt!.Value,
    };

    public static ClassificationResult Read(NpgsqlDataReader row) => new()
    {
        ImageId = row.GetGuid(0),
        CapturedAt = row.GetFieldValue<DateTimeOffset>(1),
        Model = row.GetString(2),
        Line = row.GetString(3),
        Camera = row.GetString(4),
        Lane = LaneOf(row.GetString(5)),
        Decision = row.GetString(6),
        Class = row.IsDBNull(7) ? null : row.GetString(7),
        Confidence = row.GetFloat(8),
        Color = row.GetString(9),
        ColorConfidence = row.GetFloat(10),
        Shape = row.GetString(11),
        ShapeConfidence = row.GetFloat(12),
        Top5 = JsonSerializer.Deserialize<ResultCandidate[]>(row.GetFieldValue<byte[]>(13), Web)!,
        ReceivedAt = row.GetFieldValue<DateTimeOffset>(14),
        StoredAt = row.GetFieldValue<DateTimeOffset>(15),
    };

    private static Lane LaneOf(string name) => name == PartsTopology.NameOf(Lane.Live) ? Lane.Live : Lane.Reprocess;
}
