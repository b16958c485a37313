using Npgsql;
using NpgsqlTypes;

namespace PartsWorker.Reprocessing;

/// <summary>
/// The table <c>reprocess_runs</c>. A run in progress holds an advisory lock, which the server releases when the process dies: a run
/// without its lock was killed and may be resumed, a run with it is in progress and may not be joined. The lock belongs to a transaction
/// that stays open, so that it also works through PgBouncer; that transaction reads and writes nothing and holds back no vacuum.
/// </summary>
internal sealed class ReprocessRuns : IAsyncDisposable
{
    // First half of the lock's key; the second half is the run, or 0 while a run is being started.
    private const int LockSpace = 0x70617274;
    private const string KeepOpen = "SELECT set_config('idle_in_transaction_session_timeout', '0', true)";
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _lock;
    private readonly NpgsqlTransaction _held;

    private ReprocessRuns(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction held) =>
        (_source, _lock, _held) = (source, connection, held);

    public static async Task<ReprocessRuns> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var held = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, KeepOpen, [], cancellationToken);
            return new ReprocessRuns(source, connection, held);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The unfinished run of the same request, or a new one. Simultaneous calls wait for each other.</summary>
    /// <param name="request">What to classify.</param>
    /// <param name="selected">Number of images, recorded for a new run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">Another run in progress publishes for the same model in an overlapping time window.</exception>
    public async Task<ReprocessRun> StartAsync(ReprocessRequest request, long selected, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1, 0)", [(LockSpace, NpgsqlDbType.Integer)], cancellationToken);
        await RefuseIfRunningAsync(connection, request, cancellationToken);
        var run = await FindUnfinishedAsync(connection, request, cancellationToken)
            ?? await CreateAsync(connection, request, selected, cancellationToken);
        await ExecuteAsync(
            _lock,
            "SELECT pg_advisory_xact_lock($1, $2)",
            [(LockSpace, NpgsqlDbType.Integer), ((int)run.RunId, NpgsqlDbType.Integer)],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>Records which runs the workers have finished after their command stopped waiting.</summary>
    public static async Task CloseFinishedAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT close_reprocess_runs()");
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Number of images of a run that are published and not yet classified.</summary>
    public async Task<long> CountLeftAsync(long runId, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(
            connection, "SELECT reprocess_left(run) FROM reprocess_runs AS run WHERE run_id = $1", [(runId, NpgsqlDbType.Bigint)]);
        command.CommandTimeout = 600;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public Task AdvanceAsync(long runId, ReprocessCursor cursor, int confirmed, CancellationToken cancellationToken) => ExecuteAsync(
        """
        UPDATE reprocess_runs
        SET published = published + $2, cursor_captured_at = $3, cursor_image_id = $4, progress_at = now()
        WHERE run_id = $1
        """,
        [
            (runId, NpgsqlDbType.Bigint), ((long)confirmed, NpgsqlDbType.Bigint),
            (cursor.CapturedAt, NpgsqlDbType.TimestampTz), (cursor.ImageId, NpgsqlDbType.Uuid),
        ],
        cancellationToken);

    /// <param name="runId">The run.</param>
    /// <param name="status"><c>publishing</c>, <c>published</c>, <c>done</c> or <c>incomplete</c>.</param>
    /// <param name="classified">Images that have their row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RecordAsync(long runId, string status, long classified, CancellationToken cancellationToken) => ExecuteAsync(
        """
        UPDATE reprocess_runs
        SET status = $2, judged = $3, progress_at = now(), finished_at = CASE WHEN $2 IN ('done', 'incomplete') THEN now() END
        WHERE run_id = $1
        """,
        [(runId, NpgsqlDbType.Bigint), (status, NpgsqlDbType.Text), (classified, NpgsqlDbType.Bigint)],
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _held.RollbackAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the server has released its lock.
        }

        await _lock.DisposeAsync();
    }

    private static async Task RefuseIfRunningAsync(
        NpgsqlConnection connection, ReprocessRequest request, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT run_id, from_at, to_at, started_at, started_by FROM reprocess_runs
            WHERE model = $1 AND status <> 'done' AND from_at < $3 AND to_at > $2
              AND EXISTS (SELECT FROM pg_locks
                          WHERE locktype = 'advisory' AND classid::bigint = $4 AND objid::bigint = run_id AND objsubid = 2
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            LIMIT 1
            """,
            [
                (request.Model, NpgsqlDbType.Text), (request.From, NpgsqlDbType.TimestampTz), (request.To, NpgsqlDbType.TimestampTz),
                ((long)LockSpace, NpgsqlDbType.Bigint),
            ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            var (from, to) = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2));
            throw new UserErrorException(
                $"run {reader.GetInt64(0)} of {reader.GetString(4)} has been classifying {from:u} to {to:u} with {request.Model} "
                + $"since {reader.GetFieldValue<DateTimeOffset>(3):u}: wait for it or choose another time window",
                exitCode: 1);
        }
    }

    private static async Task<ReprocessRun?> FindUnfinishedAsync(
        NpgsqlConnection connection, ReprocessRequest request, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT run_id, selected, published, cursor_captured_at, cursor_image_id FROM reprocess_runs
            WHERE model = $1 AND from_at = $2 AND to_at = $3 AND filter = $4 AND status IN ('publishing', 'published')
            ORDER BY run_id DESC LIMIT 1
            """,
            RequestValues(request));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var cursor = await reader.IsDBNullAsync(3, cancellationToken)
            ? null
            : new ReprocessCursor(reader.GetFieldValue<DateTimeOffset>(3), reader.GetGuid(4));
        return new ReprocessRun(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), cursor);
    }

    private static async Task<ReprocessRun> CreateAsync(
        NpgsqlConnection connection, ReprocessRequest request, long selected, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            "INSERT INTO reprocess_runs (model, from_at, to_at, filter, selected) VALUES ($1, $2, $3, $4, $5) RETURNING run_id",
            [.. RequestValues(request), (selected, NpgsqlDbType.Bigint)]);
        return new ReprocessRun((long)(await command.ExecuteScalarAsync(cancellationToken))!, selected, Published: 0, Cursor: null);
    }

    private static (object Value, NpgsqlDbType Type)[] RequestValues(ReprocessRequest request) =>
    [
        (request.Model, NpgsqlDbType.Text), (request.From, NpgsqlDbType.TimestampTz), (request.To, NpgsqlDbType.TimestampTz),
        (request.Filter.ToJson(), NpgsqlDbType.Jsonb),
    ];

    private async Task ExecuteAsync(string sql, (object Value, NpgsqlDbType Type)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, sql, values, cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, (object Value, NpgsqlDbType Type)[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (object Value, NpgsqlDbType Type)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (value, type) in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        }

        return command;
    }
}
