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
    // First half of the lock's key; the second half is the run, or 0 while a run is being started. close_reprocess_runs knows it too.
    public const int LockSpace = 0x70617274;
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
            await connection.ExecuteAsync(KeepOpen, [], cancellationToken);
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
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1, 0)", [(LockSpace, NpgsqlDbType.Integer)], cancellationToken);
        var run = await new ReprocessRunChoice(connection, request).ChooseAsync(selected, cancellationToken);
        await _lock.ExecuteAsync(
            "SELECT pg_advisory_xact_lock($1, $2)",
            [(LockSpace, NpgsqlDbType.Integer), ((int)run.RunId, NpgsqlDbType.Integer)],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>Records what the workers have done since the commands of the runs ended.</summary>
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
        await using var command = connection.Command(
            "SELECT reprocess_left(run) FROM reprocess_runs AS run WHERE run_id = $1", [(runId, NpgsqlDbType.Bigint)]);
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

    /// <summary>Records that the last page is out, whether or not the workers have begun.</summary>
    public Task RecordPublishedAsync(long runId, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE reprocess_runs SET status = 'published' WHERE run_id = $1", [(runId, NpgsqlDbType.Bigint)], cancellationToken);

    /// <param name="runId">The run.</param>
    /// <param name="status"><c>publishing</c>, <c>published</c>, <c>done</c> or <c>incomplete</c>.</param>
    /// <param name="classified">Images that have their row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RecordAsync(long runId, string status, long classified, CancellationToken cancellationToken) => ExecuteAsync(
        """
        UPDATE reprocess_runs
        SET status = $2, judged = $3, progress_at = CASE judged WHEN $3 THEN progress_at ELSE now() END,
            finished_at = CASE WHEN $2 IN ('done', 'incomplete') THEN now() END
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

    private async Task ExecuteAsync(string sql, (object? Value, NpgsqlDbType Type)[] values, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(sql, values, cancellationToken);
    }
}
