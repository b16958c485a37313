using System.Text.Json;
using Npgsql;
using PartsWorker.Client;
using PartsWorker.Database;

namespace PartsWorker.Results;

/// <summary>
/// Reads committed rows back. What the model has just found is not enough for an event: a redelivered image meets the row of an earlier
/// delivery, which stays as it is, and an event must never name a class that SQL does not hold.
/// </summary>
internal sealed class StoredResults(NpgsqlDataSource source, ResultsOptions options, TimeProvider time)
{
    private static readonly JsonSerializerOptions Web = JsonSerializerOptions.Web;

    /// <returns>The rows that exist, without shadow rows, in the order in which the images were taken.</returns>
    public Task<List<ClassificationResult>> ReadAsync(IReadOnlyCollection<DueEvent> due, CancellationToken cancellationToken) =>
        BoundedCall.RunAsync(driver => QueryAsync(due, driver), options.CommandTimeout, time, cancellationToken);

    private async Task<List<ClassificationResult>> QueryAsync(IReadOnlyCollection<DueEvent> due, CancellationToken cancellationToken)
    {
        var publishedAt = due.DistinctBy(row => row.Key).ToDictionary(row => row.Key, row => row.PublishedAt);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT * FROM stored_results($1, $2, $3)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. publishedAt.Keys.Select(key => key.ImageId)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. publishedAt.Keys.Select(key => key.CapturedAt)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. publishedAt.Keys.Select(key => key.ModelKey)] });
        await command.PrepareAsync(cancellationToken);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var results = new List<ClassificationResult>(due.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            var result = Read(rows);
            results.Add(result with { PublishedAt = publishedAt[(result.ImageId, result.CapturedAt, result.Model)] });
        }

        return results;
    }

    private static ClassificationResult Read(NpgsqlDataReader row) => new()
    {
        ImageId = row.GetGuid(0),
        CapturedAt = row.GetFieldValue<DateTimeOffset>(1),
        Model = row.GetString(2),
        Line = row.GetString(3),
        Camera = row.GetString(4),
        Lane = row.GetString(5) == PartsTopology.NameOf(Lane.Live) ? Lane.Live : Lane.Reprocess,
        Decision = row.GetString(6),
        Class = row.IsDBNull(7) ? null : row.GetString(7),
        Confidence = row.GetFloat(8),
        Color = row.GetString(9),
        ColorConfidence = row.GetFloat(10),
        Shape = row.GetString(11),
        ShapeConfidence = row.GetFloat(12),
        Top5 = JsonSerializer.Deserialize<ResultCandidate[]>(row.GetFieldValue<byte[]>(13), Web)!,
        ReceivedAt = row.GetFieldValue<DateTimeOffset>(14),
        StoredAt = row.GetFieldValue<DateTimeOffset>(15),
    };
}
