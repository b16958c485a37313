using System.Diagnostics;
using Npgsql;
using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Watch;

/// <summary>
/// How many rows a watched run has stored. The workers know it, unless some are killed: a killed worker cannot report its last commits, and
/// others store them a second time without effect. Then the database counts, at most every two seconds.
/// </summary>
internal sealed class StoredRows(WatchPlan plan, NpgsqlDataSource source)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // A run in which a message is lost would never end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private long _counted;
    private long _grown;
    private long _rows;

    /// <summary>The latest number.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Whether all messages are stored, or no row was stored for two minutes.</summary>
    public bool HasEnded => Rows >= plan.Messages || Stopwatch.GetElapsedTime(_grown) > Patience;

    public async Task UpdateAsync(BenchMark[] marks, CancellationToken cancellation)
    {
        var rows = plan.KillEvery is null ? marks.Sum(mark => mark.Stored)
            : Stopwatch.GetElapsedTime(_counted) < Pause ? Rows
            : await CountAsync(cancellation);
        if (rows > Rows || _grown == 0)
        {
            _grown = Stopwatch.GetTimestamp();
            Volatile.Write(ref _rows, rows);
        }
    }

    /// <summary>Rows, and different images among them.</summary>
    public async Task<(long Rows, long Different)> CountImagesAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT count(*), count(DISTINCT image_id) FROM classifications");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<long> CountAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM classifications");
        command.CommandTimeout = 0;
        var rows = (long)(await command.ExecuteScalarAsync(cancellation))!;
        _counted = Stopwatch.GetTimestamp();
        return rows;
    }
}
