using Npgsql;
using PartsWorker.Client;
using PartsWorker.Database;

namespace PartsWorker.Results;

/// <summary>
/// Finds what the rows hold. What the model has just found is not enough for an event: a redelivered image meets the row of an earlier
/// delivery, which stays as it is, and an event must never name a class that SQL does not hold. Such rows are read back; a row that this
/// write created (<see cref="ResultRow.StoredAt"/>) holds what was written.
/// </summary>
internal sealed class StoredResults(NpgsqlDataSource source, ResultsOptions options, TimeProvider time)
{
    /// <returns>The rows that exist, without shadow rows, in the order in which the images were taken.</returns>
    public async Task<List<ClassificationResult>> FindAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        // Two deliveries of one image in one batch are one row, and only the object that was written carries its time.
        var distinct = rows.OrderBy(row => row.StoredAt is null).DistinctBy(row => row.Key).ToLookup(row => row.StoredAt is null);
        var results = distinct[false].Select(StoredResult.Of).ToList();
        if (distinct[true].Any())
        {
            results.AddRange(await ReadAsync([.. distinct[true]], cancellationToken));
        }

        return [.. results.OrderBy(result => result.CapturedAt).ThenBy(result => result.ImageId)];
    }

    /// <returns>The rows that exist, without shadow rows.</returns>
    public Task<List<ClassificationResult>> ReadAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken) =>
        BoundedCall.RunAsync(driver => QueryAsync(rows, driver), options.CommandTimeout, time, cancellationToken);

    private async Task<List<ClassificationResult>> QueryAsync(IReadOnlyList<ResultRow> due, CancellationToken cancellationToken)
    {
        // An image that was published again comes back with its first capture time.
        var publishedAt = due.ToLookup(row => (row.ImageId, row.ModelKey), row => row.PublishedAt);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT * FROM stored_results($1, $2, $3)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. due.Select(row => row.ImageId)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. due.Select(row => row.CapturedAt)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. due.Select(row => row.ModelKey)] });
        if (ServerSessions.AreOwn(source))
        {
            await command.PrepareAsync(cancellationToken);
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var results = new List<ClassificationResult>(due.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            var result = StoredResult.Read(rows);
            results.Add(result with { PublishedAt = publishedAt[(result.ImageId, result.Model)].First() });
        }

        return results;
    }
}
