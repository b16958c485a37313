using Npgsql;

namespace PartsWorker.Demo;

/// <summary>Reads the rows of the samples from PostgreSQL.</summary>
internal sealed class DemoResults(NpgsqlDataSource database, string camera, IReadOnlyList<DemoSample> samples)
{
    private readonly HashSet<Guid> _images = [.. samples.Select(sample => sample.Reference.ImageId)];

    /// <summary>The query; it is printed, so that it can be pasted into psql.</summary>
    public string Sql { get; } = $"""
        SELECT image_id, regexp_replace(uri, '^.*/([^/]+/[^/]+)$', '\1') AS image, class, confidence, color, shape, decision, model
        FROM latest_classification
        WHERE line = '{DemoSample.Line}' AND camera = '{camera}'
        ORDER BY image;
        """;

    /// <summary>The rows of the samples. The camera may have others: a folder of this name may have had other images before.</summary>
    public async Task<IReadOnlyList<DemoRow>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<DemoRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new DemoRow(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetFloat(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetString(7)));
        }

        return [.. rows.Where(row => _images.Contains(row.ImageId))];
    }
}

/// <summary>One row; <paramref name="Class"/> is null when the decision is <c>unknown</c>.</summary>
internal sealed record DemoRow(Guid ImageId, string Image, string? Class, float Confidence, string Color, string Shape, string Model);
