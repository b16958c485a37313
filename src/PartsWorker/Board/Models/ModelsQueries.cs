using System.Text.Json;
using Npgsql;

namespace PartsWorker.Board.Models;

/// <summary>The statements of the page Models.</summary>
internal sealed class ModelsQueries(NpgsqlDataSource database)
{
    public const int MaxVersions = 200;
    public const int ChangesPerPage = 20;

    private const string Serving = """
        SELECT s.model, s.previous_model, s.shadow_model, s.shadow_share,
               (SELECT c.changed_at FROM model_changes AS c WHERE c.model = s.model AND c.replaced IS DISTINCT FROM c.model
                ORDER BY c.change_id DESC LIMIT 1)
        FROM serving AS s
        """;

    private const string Versions = """
        WITH day AS (
            SELECT c.model, count(*) FILTER (WHERE NOT c.shadow) AS shown, count(*) FILTER (WHERE c.shadow) AS shadow
            FROM classifications AS c WHERE c.classified_at >= now() - interval '1 day' GROUP BY c.model)
        SELECT m.model, m.created_at, m.registered_at, m.registered_by, m.bundle_sha256,
               (SELECT count(*) FROM model_classes AS k WHERE k.model = m.model), m.metrics::text,
               coalesce(day.shown, 0), coalesce(day.shadow, 0)
        FROM models AS m LEFT JOIN day USING (model) ORDER BY m.registered_at DESC, m.model LIMIT $1
        """;

    private const string Keys = """
        SELECT m.model FROM models AS m LEFT JOIN serving AS s ON s.model = m.model
        ORDER BY s.model NULLS LAST, m.registered_at DESC, m.model LIMIT $1
        """;

    private const string Changes = """
        SELECT c.change_id, c.model, c.replaced, c.shadow_model, c.shadow_share, c.changed_at, c.changed_by
        FROM model_changes AS c WHERE c.change_id < $1 ORDER BY c.change_id DESC LIMIT $2
        """;

    public async Task<ServingNow> ServingAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(Serving, [], row => new ServingNow(
            row.TextOrNull(0), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4), row.TextOrNull(1), row.TextOrNull(2),
            row.GetFloat(3)), cancellationToken);
        return rows[0];
    }

    public Task<List<ModelVersion>> VersionsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(Versions, [MaxVersions], row => new ModelVersion(
            row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3), row.GetString(4), row.GetInt64(5), Numbers(row.GetString(6)), row.GetInt64(7), row.GetInt64(8)),
            cancellationToken);

    /// <summary>Keys of the registered models, the active one first.</summary>
    public Task<List<string>> KeysAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(Keys, [MaxVersions], row => row.GetString(0), cancellationToken);

    /// <summary>The newest changes before the change <paramref name="before"/>.</summary>
    public Task<List<ModelChange>> ChangesAsync(long before, CancellationToken cancellationToken) =>
        database.ReadAsync(Changes, [before, ChangesPerPage], row => new ModelChange(
            row.GetInt64(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3), row.GetFloat(4), row.GetFieldValue<DateTimeOffset>(5),
            row.GetString(6)), cancellationToken);

    /// <summary>The figures of a bundle; anything in the document that is not a number is left out.</summary>
    internal static SortedDictionary<string, double> Numbers(string json)
    {
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Number))
            {
                numbers[field.Name] = field.Value.GetDouble();
            }
        }

        return numbers;
    }
}
