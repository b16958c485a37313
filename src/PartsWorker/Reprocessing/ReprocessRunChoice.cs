using Npgsql;
using NpgsqlTypes;

namespace PartsWorker.Reprocessing;

/// <summary>Chooses the run of a request within one transaction, in which no other run is started.</summary>
internal sealed class ReprocessRunChoice(NpgsqlConnection connection, ReprocessRequest request)
{
    private const string Columns = "run_id, selected, published, cursor_captured_at, cursor_image_id, started_at";
    private const string SameRequest = "model = $1 AND from_at = $2 AND to_at = $3 AND filter = $4";

    private const string FindUnfinished = $"""
        SELECT {Columns} FROM reprocess_runs
        WHERE {SameRequest}
          AND (status = 'publishing' OR status = 'published' AND ($5 IS NULL OR progress_at > now() - $5))
        ORDER BY run_id DESC LIMIT 1
        """;

    private const string GiveUp = $"""
        UPDATE reprocess_runs AS run SET status = 'incomplete', finished_at = now()
        WHERE {SameRequest} AND status = 'published' AND reprocess_left(run) > 0
        """;

    private const string Create =
        $"INSERT INTO reprocess_runs (model, from_at, to_at, filter, selected) VALUES ($1, $2, $3, $4, $5) RETURNING {Columns}";

    /// <summary>The unfinished run of the same request, or a new one.</summary>
    /// <param name="selected">Number of images, recorded for a new run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">Another run in progress publishes for the same model in an overlapping time window.</exception>
    public async Task<ReprocessRun> ChooseAsync(long selected, CancellationToken cancellationToken)
    {
        await RefuseIfRunningAsync(cancellationToken);
        if (await ReadAsync(FindUnfinished, (request.GiveUpAfter, NpgsqlDbType.Interval), cancellationToken) is { } unfinished)
        {
            return unfinished;
        }

        await connection.ExecuteAsync(GiveUp, RequestValues, cancellationToken);
        return (await ReadAsync(Create, (selected, NpgsqlDbType.Bigint), cancellationToken))!;
    }

    private (object? Value, NpgsqlDbType Type)[] RequestValues =>
    [
        (request.Model, NpgsqlDbType.Text), (request.From, NpgsqlDbType.TimestampTz), (request.To, NpgsqlDbType.TimestampTz),
        (request.Filter.ToJson(), NpgsqlDbType.Jsonb),
    ];

    private async Task RefuseIfRunningAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            """
            SELECT run_id, from_at, to_at, started_at, started_by FROM reprocess_runs
            WHERE model = $1 AND status <> 'done' AND from_at < $3 AND to_at > $2
              AND EXISTS (SELECT FROM pg_locks
                          WHERE locktype = 'advisory' AND classid::bigint = $4 AND objid::bigint = run_id AND objsubid = 2
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            LIMIT 1
            """,
            [.. RequestValues[..3], ((long)ReprocessRuns.LockSpace, NpgsqlDbType.Bigint)]);
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

    private async Task<ReprocessRun?> ReadAsync(
        string sql, (object? Value, NpgsqlDbType Type) last, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql, [.. RequestValues, last]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var cursor = await reader.IsDBNullAsync(3, cancellationToken)
            ? null
            : new ReprocessCursor(reader.GetFieldValue<DateTimeOffset>(3), reader.GetGuid(4));
        return new ReprocessRun(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), cursor, reader.GetFieldValue<DateTimeOffset>(5));
    }
}
