using System.Collections.Concurrent;
using Npgsql;

namespace PartsWorker.Results;

/// <summary>
/// Asks the database for a month's partition the first time a row of that month comes by, and with it for the months ahead.
/// An implausible month gets none; its rows go to the default partition.
/// </summary>
internal sealed class PartitionKeeper
{
    private readonly ConcurrentDictionary<(int Year, int Month), bool> _known = new();

    public async Task EnsureAsync(NpgsqlConnection connection, ReadOnlyMemory<ResultRow> rows, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows.Span[i];
            var month = (row.CapturedAt.Year, row.CapturedAt.Month);
            if (_known.ContainsKey(month))
            {
                continue;
            }

            await using var command = new NpgsqlCommand("SELECT ensure_partitions($1)", connection)
            {
                CommandTimeout = 0,
                Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = row.CapturedAt } },
            };
            _known[month] = await command.ExecuteScalarAsync(cancellationToken) is true;
        }
    }
}
