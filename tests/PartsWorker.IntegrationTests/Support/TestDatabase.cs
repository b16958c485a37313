using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Database;
using PartsWorker.Harness.Services;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Support;

/// <summary>A database of its own for each test class, made empty or migrated, and dropped at the end.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    // Seconds; a loaded machine takes its time to copy a template database.
    private const int Patience = 180;
    private readonly string _server;
    private readonly string _name;
    private readonly List<string> _logins = [];

    private TestDatabase(string server, string name, NpgsqlDataSource source) => (_server, _name, Source) = (server, name, source);

    public NpgsqlDataSource Source { get; }

    public string ConnectionString => Naming(_server, _name);

    public static async Task<TestDatabase> CreateAsync(bool migrated = true)
    {
        var server = RunningServices.Postgres;
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteOnServerAsync(server, $"CREATE DATABASE {name}");
        var database = new TestDatabase(server, name, Open(Naming(server, name)));
        if (migrated)
        {
            await new Migrator(database.Source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, CancellationToken.None);
        }

        return database;
    }

    /// <summary>A migrated database with three registered models, parts@1 to parts@3; parts@1 has a red and a blue plate.</summary>
    public static async Task<TestDatabase> CreateWithModelsAsync()
    {
        var database = await CreateAsync();
        await database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256)
            SELECT 'parts@' || v, 'parts', v, '{new string('0', 64)}' FROM unnest(ARRAY['1', '2', '3']) AS v;
            INSERT INTO model_classes VALUES ('parts@1', 7, 'red plate', 'red', 'plate'), ('parts@1', 8, 'blue plate', 'blue', 'plate')
            """);
        return database;
    }

    /// <summary>Writes rows as a worker does.</summary>
    public async Task WriteAsync(params ResultRow[] rows)
    {
        var writer = new ResultWriter(Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync(rows, CancellationToken.None));
    }

    /// <summary>The same database for a login user who is a member of one group role only.</summary>
    public async Task<NpgsqlDataSource> OpenAsAsync(string groupRole) => Open(await CreateLoginAsync(groupRole));

    /// <summary>The connection string of a login user who is a member of one group role only.</summary>
    public async Task<string> CreateLoginAsync(string groupRole)
    {
        var login = $"login_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE ROLE {login} LOGIN PASSWORD 'secret'; GRANT {groupRole} TO {login}");
        _logins.Add(login);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = login, Password = "secret" }.ConnectionString;
    }

    /// <summary>A login user who owns this database and may create roles, as on an ordinary server.</summary>
    public async Task<NpgsqlDataSource> OpenAsOwnerAsync()
    {
        var owner = $"owner_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'secret'; ALTER DATABASE {_name} OWNER TO {owner}");
        _logins.Add(owner);
        return Open(new NpgsqlConnectionStringBuilder(ConnectionString) { Username = owner, Password = "secret" }.ConnectionString);
    }

    /// <summary>The connection string of this database through PgBouncer.</summary>
    public string ThroughPgBouncer =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Port = RunningServices.PgBouncerPort!.Value }.ConnectionString;

    /// <summary>This database through PgBouncer, as the programs open it.</summary>
    public NpgsqlDataSource OpenThroughPgBouncer() => Open(ThroughPgBouncer);

    public Task<int> ExecuteAsync(string sql) => ExecuteAsync(Source, sql);

    public static async Task<int> ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<string>> LinesAsync(string sql)
    {
        var lines = new List<string>();
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var fields = Enumerable.Range(0, reader.FieldCount).Select(
                field => reader.IsDBNull(field) ? "NULL" : reader.GetValue(field).ToString());
            lines.Add(string.Join('|', fields));
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteOnServerAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
        foreach (var login in _logins)
        {
            await ExecuteOnServerAsync(_server, $"DROP ROLE {login}");
        }
    }

    private static NpgsqlDataSource Open(string connectionString) => PostgresSource.Open(
        new ConfigurationBuilder().AddInMemoryCollection(
            [new("ConnectionStrings:Postgres", connectionString)]).Build(), "partsworker tests");

    private static string Naming(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, MaxPoolSize = 16, CommandTimeout = Patience }.ConnectionString;

    private static async Task ExecuteOnServerAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server) { CommandTimeout = Patience }.ConnectionString);
        await ExecuteAsync(source, sql);
    }
}
