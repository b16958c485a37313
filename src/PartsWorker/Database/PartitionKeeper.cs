using System.Collections.Concurrent;
using Npgsql;
using PartsWorker.Results;

namespace PartsWorker.Database;

/// <summary>
/// Asks the database for a month's partition the first time a row of that month comes by, and with it for the months ahead.
/// An implausible month gets none; its rows go to the default partition.
/// </summary>
internal sealed class PartitionKeeper
{
    private readonly ConcurrentDictionary<(int Year, int Month), bool> _known = new();

    /// <summary>One moment of each month among the rows that was not asked for yet; nearly always none.</summary>
    public IReadOnlyList<DateTimeOffset> Unknown(ResultBatch batch, int start, int count)
    {
        List<DateTimeOffset>? unknown = null;
        for (var i = start; i < start + count; i++)
        {
            var moment = batch[i].CapturedAt;
            if (!_known.ContainsKey(MonthOf(moment)) && unknown?.Exists(other => MonthOf(other) == MonthOf(moment)) != true)
            {
                (unknown ??= []).Add(moment);
            }
        }

        return unknown is null ? [] : unknown;
    }

    public async Task EnsureAsync(NpgsqlConnection connection, IReadOnlyList<DateTimeOffset> moments, CancellationToken cancellationToken)
    {
        foreach (var moment in moments)
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
