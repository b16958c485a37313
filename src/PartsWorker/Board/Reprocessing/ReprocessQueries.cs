using Npgsql;

namespace PartsWorker.Board.Reprocessing;

/// <summary>The statements of the page Reprocessing.</summary>
internal sealed class ReprocessQueries(NpgsqlDataSource database)
{
    public const int RunsPerPage = 30;

    // The running process keeps judged up to date. A run holds an advisory lock while a process works on it: see ReprocessRuns.
    private const string Runs = """
        SELECT r.run_id, r.model, r.from_at, r.to_at, r.filter::text, r.status, r.selected, r.published, r.judged, r.started_at,
               r.progress_at, r.finished_at, r.started_by,
               EXISTS (SELECT FROM pg_locks AS l
                       WHERE l.locktype = 'advisory' AND l.classid::bigint = 1885434484 AND l.objid::bigint = r.run_id AND l.objsubid = 2
                         AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()))
        FROM reprocess_runs AS r WHERE r.run_id < $1 ORDER BY r.run_id DESC LIMIT $2
        """;

    // Counts the rows of the whole time window, so it is asked for one run at a time.
    private const string Progress = "SELECT p.status, p.published, p.judged, p.not_judged FROM reprocess_progress AS p WHERE p.run_id = $1";

    /// <summary>The newest runs before the run <paramref name="before"/>.</summary>
    public Task<List<RunRow>> RunsAsync(long before, CancellationToken cancellationToken) =>
        database.ReadAsync(Runs, [before, RunsPerPage], row => new RunRow(
            row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4),
            row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetFieldValue<DateTimeOffset>(9),
            row.GetFieldValue<DateTimeOffset>(10), row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11), row.GetString(12),
            row.GetBoolean(13)), cancellationToken);

    /// <returns>Null when there is no such run.</returns>
    public async Task<RunCount?> CountAsync(long runId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            Progress, [runId], row => new RunCount(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellationToken);
        return rows.FirstOrDefault();
    }
}
