using Npgsql;
using NpgsqlTypes;

namespace PartsWorker.Results;

/// <summary>
/// The one statement that stores a batch: arrays in, images and classifications out. Its text is the same for any number of rows,
/// so each connection prepares it once. Being one statement it is one transaction.
/// </summary>
internal static class ResultStatement
{
    // A row that exists stays as it is: a redelivery changes nothing. The one exception: a model that so far only ran along
    // now judges for real, and its row stops being a shadow.
    private const string Text = """
        WITH image AS (
            INSERT INTO images (image_id, captured_at, line, camera, uri, sha256, attributes, width, height, published_at)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (image_id, captured_at) DO NOTHING)
        INSERT INTO classifications AS stored (image_id, captured_at, line, camera, model, lane, shadow, class_id, class, decision, confidence,
            color, color_confidence, shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5,
            received_at, attempts, worker)
        SELECT * FROM unnest($1, $2, $3, $4, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
        ON CONFLICT (image_id, captured_at, model) DO UPDATE SET shadow = false WHERE stored.shadow AND NOT excluded.shadow
        """;

    public static NpgsqlCommand Create(NpgsqlConnection connection, IReadOnlyList<ResultRow> rows) => new(Text, connection)
    {
        Parameters =
        {
            Of(rows, NpgsqlDbType.Uuid, row => row.ImageId),
            Of(rows, NpgsqlDbType.TimestampTz, row => row.CapturedAt),
            Of(rows, NpgsqlDbType.Text, row => row.Line),
            Of(rows, NpgsqlDbType.Text, row => row.Camera),
            Of(rows, NpgsqlDbType.Text, row => row.Uri),
            Of(rows, NpgsqlDbType.Text, row => row.Sha256),
            Of(rows, NpgsqlDbType.Jsonb, row => row.AttributesJson),
            Of(rows, NpgsqlDbType.Integer, row => row.Width),
            Of(rows, NpgsqlDbType.Integer, row => row.Height),
            Of(rows, NpgsqlDbType.TimestampTz, row => row.PublishedAt),
            Of(rows, NpgsqlDbType.Text, row => row.ModelKey),
            Of(rows, NpgsqlDbType.Text, row => row.Lane),
            Of(rows, NpgsqlDbType.Boolean, row => row.Shadow),
            Of(rows, NpgsqlDbType.Integer, row => row.ClassId),
            Of(rows, NpgsqlDbType.Text, row => row.ClassName),
            Of(rows, NpgsqlDbType.Text, row => row.Decision),
            Of(rows, NpgsqlDbType.Real, row => row.Confidence),
            Of(rows, NpgsqlDbType.Text, row => row.Color),
            Of(rows, NpgsqlDbType.Real, row => row.ColorConfidence),
            Of(rows, NpgsqlDbType.Text, row => row.Shape),
            Of(rows, NpgsqlDbType.Real, row => row.ShapeConfidence),
            Of(rows, NpgsqlDbType.Real, row => row.MaxSimilarity),
            Of(rows, NpgsqlDbType.Text, row => row.Top1Class),
            Of(rows, NpgsqlDbType.Text, row => row.FilterClass),
            Of(rows, NpgsqlDbType.Text, row => row.FilterPath),
            Of(rows, NpgsqlDbType.Jsonb, row => row.Top5Json),
            Of(rows, NpgsqlDbType.TimestampTz, row => row.ReceivedAt),
            Of(rows, NpgsqlDbType.Integer, row => row.Attempts),
            Of(rows, NpgsqlDbType.Text, row => row.WorkerName),
        },
    };

    private static NpgsqlParameter<T[]> Of<T>(IReadOnlyList<ResultRow> rows, NpgsqlDbType type, Func<ResultRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
