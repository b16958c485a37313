using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Registry;

/// <summary>
/// The tables <c>models</c> and <c>serving</c>: which models are registered, and which one is active. Each change of <c>serving</c> is one
/// UPDATE.
/// </summary>
internal sealed class ModelRegistry(NpgsqlDataSource source)
{
    /// <summary>Stands for the key of the active model, so that a nightly job needs no change after an activation.</summary>
    public const string Active = "active";

    public async Task<IReadOnlyList<RegisteredModel>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            SELECT m.model, m.bundle_sha256, m.created_at, m.registered_at, m.metrics::text,
                   CASE m.model WHEN s.model THEN 'active'
                                WHEN s.shadow_model THEN format('shadow of %s%%', round((s.shadow_share * 100)::numeric, 1))
                                WHEN s.previous_model THEN 'previous' ELSE '' END
            FROM models AS m CROSS JOIN serving AS s ORDER BY m.registered_at, m.model
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var models = new List<RegisteredModel>();
        while (await reader.ReadAsync(cancellationToken))
        {
            models.Add(new RegisteredModel(
                reader.GetString(0),
                reader.GetString(1),
                await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4),
                reader.GetString(5)));
        }

        return models;
    }

    /// <exception cref="UserErrorException">No model is registered under this key; the line lists the registered ones.</exception>
    public async Task<RegisteredModel> FindAsync(string key, CancellationToken cancellationToken)
    {
        var models = await ListAsync(cancellationToken);
        var keys = string.Join(", ", models.Select(model => model.Key));
        var known = models.Count == 0 ? "no model is registered yet" : $"registered: {keys}";
        return models.FirstOrDefault(model => model.Key == key || (key == Active && model.State == Active))
            ?? throw new UserErrorException($"unknown model {key}: {known} (partsworker models register <folder>)");
    }

    /// <summary>Registers a bundle; registering the same one again changes nothing.</summary>
    /// <returns>False when it was already registered.</returns>
    /// <exception cref="UserErrorException">A bundle with other content is registered under this key.</exception>
    public async Task<bool> RegisterAsync(ModelBundle bundle, CancellationToken cancellationToken)
    {
        // One statement, so that a model never exists without its classes.
        await using var command = source.CreateCommand("""
            WITH added AS (
                INSERT INTO models (model, name, version, bundle_sha256, created_at, metrics) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (model) DO NOTHING RETURNING model),
            classes AS (
                INSERT INTO model_classes (model, class_id, class, color, shape)
                SELECT added.model, c.* FROM added, unnest($7, $8, $9, $10) AS c)
            SELECT count(*) FROM added
            """);
        var classes = bundle.Labels.Classes;
        command.Parameters.AddWithValue(bundle.Key);
        command.Parameters.AddWithValue(bundle.Name);
        command.Parameters.AddWithValue(bundle.Version);
        command.Parameters.AddWithValue(Sha256Of(bundle));
        command.Parameters.AddWithValue(bundle.Manifest.Created.ToUniversalTime());
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(bundle.Manifest.Metrics));
        command.Parameters.AddWithValue(classes.Select(c => c.Id).ToArray());
        command.Parameters.AddWithValue(classes.Select(c => c.Name).ToArray());
        command.Parameters.AddWithValue(classes.Select(c => bundle.Labels.Colors[c.Color]).ToArray());
        command.Parameters.AddWithValue(classes.Select(c => bundle.Labels.Shapes[c.Shape]).ToArray());
        if (await command.ExecuteScalarAsync(cancellationToken) is 1L)
        {
            return true;
        }

        await RequireSameAsync(bundle, cancellationToken);
        return false;
    }

    /// <exception cref="UserErrorException">Other content than that of this folder is registered under its key.</exception>
    public async Task RequireSameAsync(ModelBundle bundle, CancellationToken cancellationToken)
    {
        var known = await FindAsync(bundle.Key, cancellationToken);
        if (!string.Equals(known.BundleSha256, Sha256Of(bundle), StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"{bundle.Key} is registered with other content than {bundle.Directory}: "
                + "a version never changes, give the new bundle a new version");
        }
    }

    public Task<string?> ActivateAsync(string key, CancellationToken cancellationToken) =>
        UpdateServingAsync("UPDATE serving SET model = $1 RETURNING previous_model", [key], cancellationToken);

    /// <returns>The model that is active now, or null when there was no previous model.</returns>
    public Task<string?> RollbackAsync(CancellationToken cancellationToken) =>
        UpdateServingAsync(
            "UPDATE serving SET model = previous_model WHERE previous_model IS NOT NULL RETURNING model", [], cancellationToken);

    /// <summary>Rolls back only if nobody changed the models since they were read.</summary>
    /// <returns>The model that is active now, or null when the models were changed meanwhile.</returns>
    public Task<string?> RollbackAsync(string? active, string previous, CancellationToken cancellationToken) =>
        UpdateServingAsync(
            "UPDATE serving SET model = previous_model WHERE model IS NOT DISTINCT FROM $1 AND previous_model = $2 RETURNING model",
            [active, previous],
            cancellationToken);

    /// <param name="key">Null turns the shadow model off.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string?> ShadowAsync(string? key, float share, CancellationToken cancellationToken) =>
        UpdateServingAsync(
            "UPDATE serving SET shadow_model = $1, shadow_share = $2 RETURNING shadow_model", [key, share], cancellationToken);

    private async Task<string?> UpdateServingAsync(string update, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(update);
        foreach (var value in values)
        {
            var type = value is float ? NpgsqlDbType.Real : NpgsqlDbType.Text;
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        }

        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static string Sha256Of(ModelBundle bundle) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(bundle.PathOf(BundleManifest.FileName))));
}
