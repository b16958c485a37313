using Npgsql;

namespace PartsWorker.Database;

/// <summary>
/// Brings a database to the newest migration: one migration at a time, each in its own transaction, with its checksum recorded. The lock
/// belongs to the transaction, not to the session, so that it also works through PgBouncer.
/// </summary>
internal sealed class Migrator(NpgsqlDataSource source, IReadOnlyList<Migration> migrations, Action<string> report)
{
    // An arbitrary number that nothing else in the database uses.
    private const long Lock = 0x70617274_73000001;

    private bool _waited;

    /// <summary>Applies the missing migrations and returns their number; with <paramref name="dryRun"/> it only lists them.</summary>
    /// <exception cref="MigrationException">A file changed after it was applied, or one is missing in between.</exception>
    public async Task<int> ApplyAsync(bool dryRun, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (dryRun)
        {
            return await ListAsync(connection, cancellationToken);
        }

        var count = 0;
        foreach (var migration in Missing(await PrepareAsync(connection, cancellationToken)))
        {
            count += await ApplyAsync(connection, migration, cancellationToken) ? 1 : 0;
        }

        return count;
    }

    private async Task<int> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var exist = await SchemaMigrations.ExistAsync(connection, cancellationToken);
        var missing = Missing(exist ? await SchemaMigrations.ReadAsync(connection, cancellationToken) : []);
        foreach (var migration in missing)
        {
            report($"would apply {migration.FileName}");
        }

        return missing.Count;
    }

    /// <summary>Creates the table of migrations if necessary, and reads it.</summary>
    private async Task<Dictionary<int, string>> PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        await ExecuteAsync(connection, SchemaMigrations.Create, cancellationToken);
        var applied = await SchemaMigrations.ReadAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return applied;
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var attempt = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({Lock})", connection);
        if (await attempt.ExecuteScalarAsync(cancellationToken) is true)
        {
            return;
        }

        if (!_waited)
        {
            _waited = true;
            report("another migrate is running: waiting for it");
        }

        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellationToken);
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

    /// <returns>False when another migrate applied it in the meantime.</returns>
    private async Task<bool> ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        if ((await SchemaMigrations.ReadAsync(connection, cancellationToken)).ContainsKey(migration.Version))
        {
            return false;
        }

        report($"applying {migration.FileName}");
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
        return true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No limit: an index on millions of rows may take long.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
