using Npgsql;
using NpgsqlTypes;
using PartsWorker.Database;

namespace PartsWorker.Results;

/// <summary>
/// The statement that stores a batch. It takes one array per column, so its text is the same for any number of rows and each session
/// of the server prepares it once. It and the setting before it travel together and are one transaction.
/// </summary>
internal sealed class ResultStatement
{
    // An image whose file was touched comes with another capture time, and keeps its first one (image_times); only rows from before that
    // table may have several. An existing row is not changed, so a redelivery has no effect. The one exception: when a shadow model
    // becomes active and classifies the image again, its row stops being a shadow. The clauses that update also lock each existing row,
    // so that the transaction has something to commit and waits for a synchronous standby: an earlier write of the row may have reached
    // the primary alone.
    private const string Text = """
        WITH known AS (
            INSERT INTO image_times AS stored (image_id, captured_at)
            SELECT DISTINCT ON (image_id) image_id, captured_at FROM unnest($1, $2) AS given (image_id, captured_at)
            ORDER BY image_id, captured_at
            ON CONFLICT (image_id) DO UPDATE SET captured_at = stored.captured_at
            RETURNING image_id, captured_at),
        given AS (
            SELECT all_rows.*,
                CASE WHEN captured_at <> known_at AND NOT EXISTS (
                    SELECT FROM images AS i WHERE i.image_id = all_rows.image_id AND i.captured_at = all_rows.captured_at)
                THEN known_at ELSE captured_at END AS at
            FROM (
                SELECT rows.*, known.captured_at AS known_at
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
                    $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)
                AS rows (image_id, captured_at, line, camera, uri, sha256, attributes, width, height, published_at, model, lane, shadow,
                    class_id, class, decision, confidence, color, color_confidence, shape, shape_confidence, max_similarity, top1_class,
                    filter_class, filter_path, top5, received_at, attempts, worker, brightest, darkest, sharpness, fault, model_precision,
                    model_ms)
                JOIN known USING (image_id)) AS all_rows),
        image AS (
            INSERT INTO images (image_id, captured_at, line, camera, uri, sha256, attributes, width, height, published_at,
                brightest, darkest, sharpness, fault)
            SELECT DISTINCT ON (image_id, at) image_id, at, line, camera, uri, sha256, attributes, width, height, published_at,
                brightest, darkest, sharpness, fault
            FROM given
            ORDER BY image_id, at, shadow, model, captured_at
            ON CONFLICT (image_id, captured_at) DO NOTHING)
        INSERT INTO classifications AS stored (image_id, captured_at, line, camera, model, lane, shadow, class_id, class, decision,
            confidence, color, color_confidence, shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5,
            received_at, attempts, worker, model_precision, model_ms)
        SELECT DISTINCT ON (image_id, at, model) image_id, at, line, camera, model, lane, shadow, class_id, class, decision,
            confidence, color, color_confidence, shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5,
            received_at, attempts, worker, model_precision, model_ms
        FROM given
        ORDER BY image_id, at, model, shadow, captured_at
        ON CONFLICT (image_id, captured_at, model) DO UPDATE SET shadow = false WHERE stored.shadow AND NOT excluded.shadow
        """;

    // A row that has only stopped being a shadow keeps its time, and holds what an earlier write put there.
    private const string Created = " RETURNING image_id, captured_at, model, classified_at, classified_at = now() AND NOT shadow";

    // Work is acknowledged to the broker after the commit: a server that commits asynchronously would break that promise in a crash.
    private const string CommitSynchronously = "SELECT set_config('synchronous_commit', 'on', true)";

    private readonly NpgsqlBatchCommand _command;
    private readonly IReadOnlyList<ResultRow> _rows;

    /// <param name="rows">Each key once, in key order (<see cref="ResultRow.DistinctInKeyOrder"/>).</param>
    /// <param name="returnsTimes">Return when rows were stored.</param>
    public ResultStatement(IReadOnlyList<ResultRow> rows, bool returnsTimes)
    {
        _rows = rows;
        _command = new(returnsTimes ? Text + Created : Text);
        Add(NpgsqlDbType.Uuid, row => row.ImageId);
        Add(NpgsqlDbType.TimestampTz, row => row.CapturedAt);
        Add(NpgsqlDbType.Text, row => row.Line);
        Add(NpgsqlDbType.Text, row => row.Camera);
        Add(NpgsqlDbType.Text, row => row.Uri);
        Add(NpgsqlDbType.Text, row => row.Sha256);
        Add(NpgsqlDbType.Jsonb, row => row.AttributesJson);
        Add(NpgsqlDbType.Integer, row => row.Width);
        Add(NpgsqlDbType.Integer, row => row.Height);
        Add(NpgsqlDbType.TimestampTz, row => row.PublishedAt);
        Add(NpgsqlDbType.Text, row => row.ModelKey);
        Add(NpgsqlDbType.Text, row => row.Lane);
        Add(NpgsqlDbType.Boolean, row => row.Shadow);
        Add(NpgsqlDbType.Integer, row => row.ClassId);
        Add(NpgsqlDbType.Text, row => row.ClassName);
        Add(NpgsqlDbType.Text, row => row.Decision);
        Add(NpgsqlDbType.Real, row => row.Confidence);
        Add(NpgsqlDbType.Text, row => row.Color);
        Add(NpgsqlDbType.Real, row => row.ColorConfidence);
        Add(NpgsqlDbType.Text, row => row.Shape);
        Add(NpgsqlDbType.Real, row => row.ShapeConfidence);
        Add(NpgsqlDbType.Real, row => row.MaxSimilarity);
        Add(NpgsqlDbType.Text, row => row.Top1Class);
        Add(NpgsqlDbType.Text, row => row.FilterClass);
        Add(NpgsqlDbType.Text, row => row.FilterPath);
        Add(NpgsqlDbType.Jsonb, Top5Json.Of);
        Add(NpgsqlDbType.TimestampTz, row => row.ReceivedAt);
        Add(NpgsqlDbType.Integer, row => row.Attempts);
        Add(NpgsqlDbType.Text, row => row.WorkerName);
        Add(NpgsqlDbType.Smallint, row => (short)row.Quality.Brightest);
        Add(NpgsqlDbType.Smallint, row => (short)row.Quality.Darkest);
        Add(NpgsqlDbType.Smallint, row => (short)row.Quality.Sharpness);
        Add(NpgsqlDbType.Text, row => row.Fault);
        Add(NpgsqlDbType.Text, row => row.Precision);
        Add(NpgsqlDbType.Real, row => (float?)row.ModelTime?.TotalMilliseconds);
    }

    /// <param name="connection">An open connection.</param>
    /// <param name="prepare">Whether the connection is a session of the server (<see cref="ServerSessions.AreOwn"/>).</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>With <c>returnsTimes</c>: when each live row was stored that this statement created.</returns>
    public async Task<Dictionary<RowKey, DateTimeOffset>> ExecuteAsync(
        NpgsqlConnection connection, bool prepare, CancellationToken cancellationToken)
    {
        // The driver's own timeout would not cover preparing the statement or making a partition.
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = 0,
            BatchCommands = { new NpgsqlBatchCommand(CommitSynchronously), _command },
        };
        if (prepare)
        {
            await batch.PrepareAsync(cancellationToken);
        }

        await using var returned = await batch.ExecuteReaderAsync(cancellationToken);
        await returned.NextResultAsync(cancellationToken);
        var created = new Dictionary<RowKey, DateTimeOffset>();
        while (await returned.ReadAsync(cancellationToken))
        {
            if (returned.GetBoolean(4))
            {
                var key = new RowKey(returned.GetGuid(0), returned.GetFieldValue<DateTimeOffset>(1), returned.GetString(2));
                created.Add(key, returned.GetFieldValue<DateTimeOffset>(3));
            }
        }

        // Rows arrive before the commit; what follows them says whether it succeeded.
        await returned.NextResultAsync(cancellationToken);
        return created;
    }

    private void Add<T>(NpgsqlDbType type, Func<ResultRow, T> value) =>
        _command.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = [.. _rows.Select(value)],
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
}
