using Npgsql;

namespace PartsWorker.Database;

/// <summary>The table that records the applied migrations of a database; it is created before the first of them.</summary>
internal static class SchemaMigrations
{
    public const string Create = """
        SET LOCAL client_min_messages = warning;
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version    integer     PRIMARY KEY,
            file_name  text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            applied_by text        NOT NULL DEFAULT session_user
        );
        COMMENT ON TABLE schema_migrations IS 'Migrations applied to this database, recorded by partsworker migrate.';
        COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
        COMMENT ON COLUMN schema_migrations.file_name IS 'Name of the file.';
        COMMENT ON COLUMN schema_migrations.checksum IS 'SHA-256 of the file as applied.';
        COMMENT ON COLUMN schema_migrations.applied_at IS 'When the migration was applied.';
        COMMENT ON COLUMN schema_migrations.applied_by IS 'Database user who applied the migration.';
        """;

    public static async Task<bool> ExistAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('schema_migrations') IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public static async Task<Dictionary<int, string>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<int, string>();
        await using var command = new NpgsqlCommand("SELECT version, checksum FROM schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    public static async Task RecordAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        const string Insert = "INSERT INTO schema_migrations (version, file_name, checksum) VALUES ($1, $2, $3)";
        await using var command = new NpgsqlCommand(Insert, connection);
        command.Parameters.AddWithValue(migration.Version);
        command.Parameters.AddWithValue(migration.FileName);
        command.Parameters.AddWithValue(migration.Checksum);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
