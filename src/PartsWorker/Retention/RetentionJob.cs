using Npgsql;

namespace PartsWorker.Retention;

/// <summary>One partition that is, or would be, dropped, or a table that loses its old rows.</summary>
internal sealed record DroppedPartition(string Name, long EstimatedRows, long Bytes);

/// <summary>Drops results older than a time, in whole months; image files are not deleted.</summary>
internal sealed class RetentionJob(NpgsqlDataSource source)
{
    /// <param name="cut">Months that end before this time are dropped.</param>
    /// <param name="dryRun">Only return the partitions that would be dropped.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<DroppedPartition>> RunAsync(DateTimeOffset cut, bool dryRun, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT partition, estimated_rows, bytes FROM drop_partitions_before($1, $2)");
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(cut.ToUniversalTime());
        command.Parameters.AddWithValue(dryRun);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var dropped = new List<DroppedPartition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            dropped.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        await reader.DisposeAsync();
        if (await DeleteFailuresAsync(cut, dryRun, cancellationToken) is > 0 and var failures)
        {
            dropped.Add(new("failures", failures, 0));
        }

        return dropped;
    }

    private async Task<long> DeleteFailuresAsync(DateTimeOffset cut, bool dryRun, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT delete_failures_before($1, $2)");
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(cut.ToUniversalTime());
        command.Parameters.AddWithValue(dryRun);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
