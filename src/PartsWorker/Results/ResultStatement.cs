using Npgsql;
using NpgsqlTypes;

namespace PartsWorker.Results;

/// <summary>
/// The one statement that stores a batch: arrays in, images and classifications out. Its text is the same for any number of rows,
/// so each connection prepares it once. Being one statement it is one transaction. An instance fills the same lists again for each
/// batch; it serves one batch at a time.
/// </summary>
internal sealed class ResultStatement : IDisposable
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

    // The driver's own timeout would not cover preparing the statement or making a partition.
    private readonly NpgsqlCommand _command = new(Text) { CommandTimeout = 0 };
    private readonly List<Action<ResultBatch, int, int>> _columns = [];
    private readonly Top5Column _top5 = new();

    public ResultStatement()
    {
        Add(NpgsqlDbType.Uuid, (in row) => row.ImageId);
        Add(NpgsqlDbType.TimestampTz, (in row) => row.CapturedAt);
        Add(NpgsqlDbType.Text, (in row) => row.Line);
        Add(NpgsqlDbType.Text, (in row) => row.Camera);
        Add(NpgsqlDbType.Text, (in row) => row.Uri);
        Add(NpgsqlDbType.Text, (in row) => row.Sha256);
        Add(NpgsqlDbType.Jsonb, (in row) => row.AttributesJson);
        Add(NpgsqlDbType.Integer, (in row) => row.Width);
        Add(NpgsqlDbType.Integer, (in row) => row.Height);
        Add(NpgsqlDbType.TimestampTz, (in row) => row.PublishedAt);
        Add(NpgsqlDbType.Text, (in row) => row.ModelKey);
        Add(NpgsqlDbType.Text, (in row) => row.Lane);
        Add(NpgsqlDbType.Boolean, (in row) => row.Shadow);
        Add(NpgsqlDbType.Integer, (in row) => row.ClassId);
        Add(NpgsqlDbType.Text, (in row) => row.ClassName);
        Add(NpgsqlDbType.Text, (in row) => row.Decision);
        Add(NpgsqlDbType.Real, (in row) => row.Confidence);
        Add(NpgsqlDbType.Text, (in row) => row.Color);
        Add(NpgsqlDbType.Real, (in row) => row.ColorConfidence);
        Add(NpgsqlDbType.Text, (in row) => row.Shape);
        Add(NpgsqlDbType.Real, (in row) => row.ShapeConfidence);
        Add(NpgsqlDbType.Real, (in row) => row.MaxSimilarity);
        Add(NpgsqlDbType.Text, (in row) => row.Top1Class);
        Add(NpgsqlDbType.Text, (in row) => row.FilterClass);
        Add(NpgsqlDbType.Text, (in row) => row.FilterPath);
        AddTop5();
        Add(NpgsqlDbType.TimestampTz, (in row) => row.ReceivedAt);
        Add(NpgsqlDbType.Integer, (in row) => row.Attempts);
        Add(NpgsqlDbType.Text, (in row) => row.WorkerName);
    }

    /// <summary>Copies rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of a batch; it is not looked at afterwards.</summary>
    public void Fill(ResultBatch batch, int start, int count)
    {
        foreach (var fill in _columns)
        {
            fill(batch, start, count);
        }
    }

    public async Task<int> ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _command.Connection = connection;
        await _command.PrepareAsync(cancellationToken);
        return await _command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose()
    {
        _top5.Dispose();
        _command.Dispose();
    }

    private void AddTop5()
    {
        _command.Parameters.Add(new NpgsqlParameter<List<ReadOnlyMemory<byte>>> { TypedValue = _top5.Values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        _columns.Add(_top5.Fill);
    }

    private void Add<T>(NpgsqlDbType type, Column<T> value)
    {
        var values = new List<T>();
        _command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        _columns.Add((batch, start, count) =>
        {
            values.Clear();
            for (var i = start; i < start + count; i++)
            {
                values.Add(value(in batch[i]));
            }
        });
    }

    private delegate T Column<out T>(in ResultRow row);
}
