using Npgsql;

namespace PartsWorker.Retention;

/// <summary>One partition that is, or would be, forgotten.</summary>
internal sealed record ForgottenPartition(string Name, long EstimatedRows, long Bytes);

/// <summary>Forgets results older than a time. Whole months go; the images' files are not ours to delete.</summary>
internal sealed class RetentionJob(NpgsqlDataSource source)
{
    /// <param name="cut">Months that end before this moment go.</param>
    /// <param name="dryRun">Only say which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ForgottenPartition>> RunAsync(DateTimeOffset cut, bool dryRun, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT partition, estimated_rows, bytes FROM drop_partitions_before($1, $2)");
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(cut.ToUniversalTime());
        command.Parameters.AddWithValue(dryRun);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var forgotten = new List<ForgottenPartition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            forgotten.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return forgotten;
    }
}
