using Npgsql;
using NpgsqlTypes;
using PartsWorker.Client;
using PartsWorker.Database;
using PartsWorker.Failures;

namespace PartsWorker.FailureRows;

/// <summary>
/// The statements on the table <c>failures</c>. Those for rows throw <see cref="PartFailureException"/> with one line: permanent for a row
/// that PostgreSQL refuses, else the database is to blame, and another try may pass.
/// </summary>
/// <param name="source">The database; several installations may share it.</param>
/// <param name="prefix"><c>Rabbit:Prefix</c> of this installation.</param>
/// <param name="time">Bounds each call.</param>
internal sealed class FailureTable(NpgsqlDataSource source, string prefix, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // A worker reports a new failure. The commands report what they did with a letter that failed before they began: a failure after that
    // is newer, and its row stays.
    private const string Write = """
        INSERT INTO failures AS f (failure_id, image_id, captured_at, line, camera, uri, attributes, lane, model, status, reason, stage,
            error, attempts, worker, published_at, first_seen_at, retry_at, failed_at, prefix)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, now() + $18, coalesce($19, now()), $20)
        ON CONFLICT (failure_id) DO UPDATE SET
            model = excluded.model, status = excluded.status, reason = excluded.reason, stage = excluded.stage, error = excluded.error,
            attempts = excluded.attempts, worker = excluded.worker, retry_at = excluded.retry_at, changed_at = now(),
            prefix = excluded.prefix,
            failed_at = CASE WHEN $19 IS NULL THEN excluded.failed_at ELSE f.failed_at END
        WHERE $19 IS NULL OR (f.failed_at < $19 AND (f.status <> excluded.status OR f.prefix IS NULL))
        """;

    /// <summary>The clock of the database, to compare with the times of rows.</summary>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => RunAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand("SELECT now()", connection);
            return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(token))!);
        },
        cancellation);

    /// <param name="rows">Written in one transaction.</param>
    /// <param name="failedBefore">
    /// Null for a failure that just happened; else the row changes only if its message has not failed again since this time.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Rows that are new or changed.</returns>
    public Task<int> WriteAsync(IReadOnlyList<FailureRow> rows, DateTimeOffset? failedBefore, CancellationToken cancellation) => RunAsync(
        async (connection, token) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var row in rows)
            {
                batch.BatchCommands.Add(Command(row, prefix, failedBefore));
            }

            return rows.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(token);
        },
        cancellation);

    /// <summary>
    /// Marks the dead letters of this installation that failed before the given time and are not among the given ones as removed.
    /// </summary>
    /// <returns>Their number.</returns>
    public Task<int> RemoveOthersAsync(IReadOnlyCollection<Guid> present, DateTimeOffset failedBefore, CancellationToken cancellation) =>
        RunAsync(
            async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(
                    """
                    UPDATE failures SET status = 'removed', changed_at = now()
                    WHERE status = 'dead' AND failed_at < $2 AND failure_id <> ALL ($1) AND coalesce(prefix, $3) = $3
                    """,
                    connection);
                command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. present] });
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = failedBefore.UtcDateTime });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = prefix });
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellation);

    /// <summary>Writes nothing: PostgreSQL checks the table and the right to write it. Throws what the driver throws.</summary>
    public Task ProbeAsync(CancellationToken cancellation) => OpenAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO failures AS f (failure_id, lane, status, reason, attempts)
                SELECT gen_random_uuid(), 'live', 'dead', 'probe', 0 WHERE false
                ON CONFLICT (failure_id) DO UPDATE SET prefix = excluded.prefix WHERE f.failed_at < now()
                """,
                connection);
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellation);

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(work, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var recovery = PostgresFaults.Of(error) == PostgresFault.Row ? Recovery.Permanent : Recovery.WithDependency;
            throw new PartFailureException(FailureKind.StoreFailure, recovery, PostgresFaults.Describe(error), error);
        }
    }

    private Task<T> OpenAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        BoundedCall.RunAsync(
            async token =>
            {
                await using var connection = await source.OpenConnectionAsync(token);
                return await work(connection, token);
            },
            Limit, time, cancellation);

    private static NpgsqlBatchCommand Command(FailureRow row, string prefix, DateTimeOffset? failedBefore)
    {
        var command = new NpgsqlBatchCommand(Write);
        Add(NpgsqlDbType.Uuid, row.FailureId);
        Add(NpgsqlDbType.Uuid, row.ImageId);
        Add(NpgsqlDbType.TimestampTz, row.Reference?.CapturedAt.UtcDateTime);
        Add(NpgsqlDbType.Text, Clean(row.Line));
        Add(NpgsqlDbType.Text, Clean(row.Camera));
        Add(NpgsqlDbType.Text, Clean(row.Reference?.Uri));
        Add(NpgsqlDbType.Jsonb, row.Reference is { } reference ? ImageReferenceCodec.AttributesJson(reference) : null);
        Add(NpgsqlDbType.Text, PartsTopology.NameOf(row.Lane));
        Add(NpgsqlDbType.Text, Clean(row.Model));
        Add(NpgsqlDbType.Text, row.Status.ToColumn());
        Add(NpgsqlDbType.Text, Clean(row.Reason));
        Add(NpgsqlDbType.Text, Clean(row.Stage));
        Add(NpgsqlDbType.Text, Clean(row.Error));
        Add(NpgsqlDbType.Integer, row.Attempts);
        Add(NpgsqlDbType.Text, row.Worker);
        Add(NpgsqlDbType.TimestampTz, row.PublishedAt?.UtcDateTime);
        Add(NpgsqlDbType.TimestampTz, row.FirstSeenAt?.UtcDateTime);
        Add(NpgsqlDbType.Interval, row.RetryAfter);
        Add(NpgsqlDbType.TimestampTz, failedBefore?.UtcDateTime);
        Add(NpgsqlDbType.Text, prefix);
        return command;

        void Add(NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
    }

    // A message that cannot be read may hold what PostgreSQL refuses in text: NUL, and halves of surrogate pairs.
    private static string? Clean(string? text) =>
        text is null ? null : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
}
