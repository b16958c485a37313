using Npgsql;
using NpgsqlTypes;

namespace PartsWorker.Reprocessing;

/// <summary>Statements with typed parameters $1, $2 and so on.</summary>
internal static class ReprocessSql
{
    public static async Task ExecuteAsync(
        this NpgsqlConnection connection, string sql, (object? Value, NpgsqlDbType Type)[] values, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, (object? Value, NpgsqlDbType Type)[] values)
    {
        // Some statements count the images of a whole time window.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        foreach (var (value, type) in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        }

        return command;
    }
}
