using Npgsql;

namespace PartsWorker.Database;

/// <summary>
/// Brings a database to the newest migration: one migration at a time under an advisory lock, each in its own transaction, with its
/// checksum recorded.
/// </summary>
internal sealed class Migrator(NpgsqlDataSource source, IReadOnlyList<Migration> migrations, Action<string> report)
{
    // An arbitrary number that nothing else in the database uses.
    private const long Lock = 0x70617274_73000001;

    /// <summary>Applies the missing migrations and returns their number; with <paramref name="dryRun"/> it only lists them.</summary>
    /// <exception cref="MigrationException">A file changed after it was applied, or one is missing in between.</exception>
    public async Task<int> ApplyAsync(bool dryRun, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            var applied = await ReadAppliedAsync(connection, dryRun, cancellationToken);
            var missing = Missing(applied);
            foreach (var migration in missing)
            {
                await ApplyAsync(connection, migration, dryRun, cancellationToken);
            }

            return missing.Count;
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var attempt = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection);
        if (await attempt.ExecuteScalarAsync(cancellationToken) is not true)
        {
            report("another migrate is running: waiting for it");
            await using var wait = new NpgsqlCommand($"SELECT pg_advisory_lock({Lock})", connection) { CommandTimeout = 0 };
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(
        NpgsqlConnection connection, bool dryRun, CancellationToken cancellationToken)
    {
        if (!dryRun)
        {
            await ExecuteAsync(connection, SchemaMigrations.Create, cancellationToken);
        }
        else if (!await SchemaMigrations.ExistAsync(connection, cancellationToken))
        {
            return [];
        }

        return await SchemaMigrations.ReadAsync(connection, cancellationToken);
    }

    private List<Migration> Missing(Dictionary<int, string> applied)
    {
        var newest = applied.Keys.DefaultIfEmpty(0).Max();
        foreach (var migration in migrations)
        {
            if (applied.TryGetValue(migration.Version, out var checksum)
                && !string.Equals(checksum, migration.Checksum, StringComparison.Ordinal))
            {
                throw new MigrationException(
                    $"{migration.FileName} was changed after it was applied: restore it and put the change into a new file");
            }

            if (!applied.ContainsKey(migration.Version) && migration.Version < newest)
            {
                throw new MigrationException(
                    $"{migration.FileName} was never applied but V{newest:D3} was: give it a number above {newest}");
            }
        }

        if (newest > migrations.Max(migration => migration.Version))
        {
            report($"the database is at V{newest:D3}, newer than this program: nothing to do");
        }

        return migrations.Where(migration => !applied.ContainsKey(migration.Version)).ToList();
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            report($"would apply {migration.FileName}");
            return;
        }

        report($"applying {migration.FileName}");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException error)
        {
            throw new MigrationException($"{migration.FileName} failed and was rolled back: {error.MessageText}", error);
        }

        await SchemaMigrations.RecordAsync(connection, migration, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No limit: an index on millions of rows may take long.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
