using Npgsql;

namespace PartsWorker.Board;

/// <summary>Runs one statement of the board and reads its rows.</summary>
internal static class BoardSql
{
    /// <summary>A page that needs longer than this is of no use to a person who waits for it.</summary>
    private const int TimeoutSeconds = 20;

    /// <param name="database">Connections of the person, or of the board.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="values">Of its parameters.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <param name="first">A statement before it in the same transaction, such as a lock.</param>
    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource database, string sql, object?[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        string? first = null)
    {
        return await RunAsync(database, sql, values, ReadRowsAsync, cancellationToken, first);

        async Task<List<T>> ReadRowsAsync(NpgsqlCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    /// <returns>Rows that the statement changed.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        return await RunAsync(database, sql, values, command => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);
    }

    private static async Task<T> RunAsync<T>(
        NpgsqlDataSource database, string sql, object?[] values, Func<NpgsqlCommand, Task<T>> run, CancellationToken cancellationToken,
        string? first = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = first is null ? null : await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds };
        command.Add(values);
        try
        {
            if (first is not null)
            {
                await using var before = new NpgsqlCommand(first, connection) { CommandTimeout = TimeoutSeconds };
                await before.ExecuteNonQueryAsync(cancellationToken);
            }

            var result = await run(command);
            await (transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask);
            return result;
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            // Connected, so the database is there: trying again would only load it again.
            throw new UserErrorException("The database took too long. Narrow the time or the filter.", inner: error);
        }
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static void Add(this NpgsqlCommand command, object?[] values)
    {
        foreach (var value in values)
        {
            // Time zones of values do not matter; PostgreSQL takes UTC.
            command.Parameters.AddWithValue(value is DateTimeOffset time ? time.ToUniversalTime() : value ?? DBNull.Value);
        }
    }
}
