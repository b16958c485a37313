using Npgsql;
using PartsWorker.Faults.Cluster;

namespace PartsWorker.Faults.Audit;

/// <summary>Reads from SQL which model classified which image, and the server's record of the commit times.</summary>
internal sealed class Ledger : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private Ledger(string postgres) => _source = NpgsqlDataSource.Create(postgres);

    /// <summary>Enables the server's record of commit times, which requires a restart.</summary>
    public static async Task<Ledger> OpenAsync(Services services)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(services.Postgres) { Pooling = false };
        await using (var connection = new NpgsqlConnection(unpooled.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("ALTER SYSTEM SET track_commit_timestamp = on", connection);
            await command.ExecuteNonQueryAsync();
        }

        await services.RestartAsync("postgres", kill: false);
        return new(services.Postgres);
    }

    /// <summary>Counts rows, images, and misnamed rows: rows whose class names come from another bundle than the model they name.</summary>
    public async Task<(int Rows, int Images, int Misnamed)> CountAsync(string model, string line)
    {
        var counts = await ReadAsync(
            """
            SELECT count(*)::int, count(DISTINCT image_id)::int,
                   count(*) FILTER (WHERE top1_class NOT LIKE '%@' || split_part(model, '@', 2))::int
            FROM classifications WHERE model = $1 AND line = $2
            """,
            reader => (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)), model, line);
        return counts[0];
    }

    /// <summary>Counts the images of a line, and those that have rows of more than one model.</summary>
    public async Task<(int Images, int Twice)> CountImagesAsync(string line)
    {
        var counts = await ReadAsync(
            """
            SELECT count(*)::int, count(*) FILTER (WHERE rows > 1)::int
            FROM (SELECT count(*) AS rows FROM classifications WHERE line = $1 GROUP BY image_id) AS image
            """,
            reader => (reader.GetInt32(0), reader.GetInt32(1)), line);
        return counts[0];
    }

    /// <summary>Milliseconds from publishing to commit, for the images of a line captured in a window.</summary>
    public async Task<List<double>> LatenciesAsync(string line, DateTimeOffset from, DateTimeOffset to) => await ReadAsync(
        """
        SELECT (extract(epoch FROM pg_xact_commit_timestamp(xmin) - captured_at) * 1000)::float8
        FROM classifications WHERE line = $1 AND captured_at >= $2 AND captured_at < $3
        """,
        reader => reader.GetDouble(0), line, from, to);

    /// <summary>The latest run as recorded, and the number of stored rows, from one snapshot.</summary>
    public async Task<RunRecord?> RunAsync(string model, string line)
    {
        var runs = await ReadAsync(
            """
            SELECT r.run_id, r.status, r.selected, r.published, r.judged,
                   (SELECT count(*) FROM classifications WHERE model = $1 AND line = $2)
            FROM reprocess_runs AS r WHERE r.model = $1 ORDER BY r.run_id DESC LIMIT 1
            """,
            reader => new RunRecord(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)),
            model,
            line);
        return runs.FirstOrDefault();
    }

    /// <summary>
    /// For each change of the active model: seconds from its commit to the last commit of a row of the previous model, counting images
    /// captured after this change and before the next one; 0 if there is no such row.
    /// </summary>
    public async Task<List<(string From, string To, double Seconds)>> ChangeOversAsync(string line) => await ReadAsync(
        """
        SELECT changed.replaced, changed.model, coalesce((
            SELECT extract(epoch FROM max(pg_xact_commit_timestamp(c.xmin)) - changed.at) FROM classifications AS c
            WHERE c.line = $1 AND c.model = changed.replaced
              AND c.captured_at > changed.at AND c.captured_at < coalesce(changed.next, 'infinity')), 0)::float8
        FROM (SELECT m.replaced, m.model, m.change_id, pg_xact_commit_timestamp(m.xmin) AS at,
                     lead(pg_xact_commit_timestamp(m.xmin)) OVER (ORDER BY m.change_id) AS next
              FROM model_changes AS m) AS changed
        WHERE changed.replaced IS NOT NULL ORDER BY changed.change_id
        """,
        reader => (reader.GetString(0), reader.GetString(1), reader.GetDouble(2)), line);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

/// <param name="RunId">Number of the run.</param>
/// <param name="Status">publishing, published or done.</param>
/// <param name="Selected">Images that the run selected.</param>
/// <param name="Published">References that the run reports as published.</param>
/// <param name="Judged">Images that the run reports as classified.</param>
/// <param name="Rows">Rows that are stored.</param>
internal sealed record RunRecord(long RunId, string Status, long Selected, long Published, long Judged, long Rows);
