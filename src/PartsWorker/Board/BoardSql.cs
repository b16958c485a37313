using Npgsql;

namespace PartsWorker.Board;

/// <summary>Runs one statement of the board and reads its rows.</summary>
internal static class BoardSql
{
    /// <summary>A page that needs longer than this is of no use to a person who waits for it.</summary>
    private const int TimeoutSeconds = 20;

    public static async Task<List<T>> ReadAsync<T>(
        this NpgsqlDataSource database, string sql, object?[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        command.Add(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <returns>Rows that the statement changed.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        command.Add(values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
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
