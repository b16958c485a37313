using System.Collections.Concurrent;
using Npgsql;

namespace PartsWorker.Database;

/// <summary>
/// Creates a month's partition before the first row of that month is stored, and with it those of the months ahead.
/// An implausible month gets none; its rows go to the default partition.
/// </summary>
internal sealed class PartitionKeeper
{
    private readonly ConcurrentDictionary<(int Year, int Month), bool> _known = new();

    public async Task EnsureAsync(NpgsqlConnection connection, IEnumerable<DateTimeOffset> moments, CancellationToken cancellationToken)
    {
        foreach (var moment in moments.DistinctBy(MonthOf).Where(moment => !_known.ContainsKey(MonthOf(moment))))
        {
            await using var command = new NpgsqlCommand("SELECT ensure_partitions($1)", connection)
            {
                CommandTimeout = 0,
                Parameters = { new NpgsqlParameter<DateTimeOffset> { TypedValue = moment } },
            };
            _known[MonthOf(moment)] = await command.ExecuteScalarAsync(cancellationToken) is true;
        }
    }

    private static (int Year, int Month) MonthOf(DateTimeOffset moment) => (moment.Year, moment.Month);
}
