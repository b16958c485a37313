using Npgsql;
using PartsWorker.Database;

namespace PartsWorker.Status;

/// <summary>The questions of <c>status</c> to PostgreSQL. A login may lack the right to one of them; the others are answered.</summary>
/// <param name="source">The database.</param>
/// <param name="prefix">Rabbit:Prefix: several installations can share a database.</param>
/// <param name="problem">Called with one line per problem.</param>
internal sealed class DatabaseAnswers(NpgsqlDataSource source, string prefix, Action<string> problem)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public DatabaseStatus? Database { get; private set; }

    public ModelStatus? Model { get; private set; }

    public List<WorkerStatus>? Workers { get; private set; }

    public MinuteStatus? LastMinute { get; private set; }

    public Dictionary<string, long>? DeadLetters { get; private set; }

    /// <summary>Seconds since the newest received image was published: no image that waits in the lane is older.</summary>
    public double? NewestReceivedSeconds { get; private set; }

    public async Task AskAsync(CancellationToken cancellation)
    {
        var program = Migration.Embedded()[^1].Version;
        var text = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        if (await OneAsync("SHOW server_version", row => row.GetString(0), cancellation) is not { } version)
        {
            return;
        }

        Database = new DatabaseStatus($"{text.Host}:{text.Port}/{text.Database}", version, Schema: null, program);
        if (await OneAsync("SELECT max(version) FROM schema_migrations", row => row.GetInt32(0), cancellation) is > 0 and var schema)
        {
            Database = Database with { Schema = schema };
            if (schema < program)
            {
                problem($"database: the schema is V{schema:D3}, this program needs V{program:D3}: run partsworker migrate");
                return;
            }
        }

        Model = await OneAsync(
            "SELECT model, CASE WHEN model IS NOT NULL THEN changed_at END, shadow_model, shadow_share::float8 FROM serving",
            row => new ModelStatus(
                Text(row, 0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1), Text(row, 2), row.GetDouble(3)),
            cancellation);
        await AskAboutWorkAsync(cancellation);
    }

    private async Task AskAboutWorkAsync(CancellationToken cancellation)
    {
        Workers = await ListAsync(
            """
            SELECT worker, max(classified_at), count(*) FILTER (WHERE classified_at >= now() - interval '1 minute') FROM classifications
            WHERE classified_at >= now() - interval '5 minutes' GROUP BY worker ORDER BY worker
            """,
            row => new WorkerStatus(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2)), cancellation);
        LastMinute = await OneAsync(
            """
            SELECT (SELECT count(*) FROM classifications WHERE classified_at >= now() - interval '1 minute' AND NOT shadow),
                   count(*) FILTER (WHERE status = 'retried'), count(*) FILTER (WHERE status = 'dead')
            FROM failures WHERE failed_at >= now() - interval '1 minute' AND coalesce(prefix, $1) = $1
            """,
            row => new MinuteStatus(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellation, prefix);
        var letters = await ListAsync(
            "SELECT reason, count(*) FROM dead_letters WHERE coalesce(prefix, $1) = $1 GROUP BY reason ORDER BY reason",
            row => (Reason: row.GetString(0), Count: row.GetInt64(1)), cancellation, prefix);
        DeadLetters = letters?.ToDictionary(one => one.Reason, one => one.Count);
        NewestReceivedSeconds = await OneAsync(
            """
            SELECT extract(epoch FROM now() - max(i.published_at))::float8
            FROM (SELECT image_id, captured_at FROM classifications WHERE lane = 'live' AND classified_at >= now() - interval '1 day'
                  ORDER BY classified_at DESC LIMIT 100) AS c
            JOIN images AS i USING (image_id, captured_at)
            """,
            row => row.IsDBNull(0) ? (double?)null : row.GetDouble(0), cancellation);
    }

    private static string? Text(NpgsqlDataReader row, int field) => row.IsDBNull(field) ? null : row.GetString(field);

    private async Task<T?> OneAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params string[] parameters) =>
        await ListAsync(sql, read, cancellation, parameters) is [var only, ..] ? only : default;

    private async Task<List<T>?> ListAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params string[] parameters)
    {
        try
        {
            return await BoundedCall.RunAsync(
                async token =>
                {
                    await using var command = source.CreateCommand(sql);
                    Array.ForEach(parameters, value => command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value }));
                    await using var reader = await command.ExecuteReaderAsync(token);
                    List<T> rows = [];
                    while (await reader.ReadAsync(token))
                    {
                        rows.Add(read(reader));
                    }

                    return rows;
                },
                Limit, TimeProvider.System, cancellation);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // The login of a worker may read almost nothing; that is not a fault.
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            problem($"database: {PostgresFaults.Describe(error)}");
            return null;
        }
    }
}
