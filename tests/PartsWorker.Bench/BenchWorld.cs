using Microsoft.Extensions.Configuration;
using Npgsql;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Database;

namespace PartsWorker.Bench;

/// <summary>
/// Temporary queues and a temporary database on the configured broker and server, removed at the end: a bench touches no other data.
/// </summary>
internal sealed class BenchWorld : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly string _name;

    private BenchWorld(RabbitSettings rabbit, NpgsqlConnectionStringBuilder server, string name)
    {
        (_server, _name) = (server, name);
        Rabbit = rabbit with { Prefix = name };
        Database = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Postgres", Database)]).Build();
        Source = PostgresSource.Open(configuration, "partsbench");
    }

    public RabbitSettings Rabbit { get; }

    /// <summary>Connection string of the temporary database.</summary>
    public string Database { get; }

    public NpgsqlDataSource Source { get; }

    public PartsTopology Topology => new(_name);

    public static async Task<BenchWorld> CreateAsync(IConfiguration configuration, CancellationToken cancellation)
    {
        // Opened as the worker opens it, so that a wrong setting gets the same message.
        await using var configured = PostgresSource.Open(configuration, "partsbench");
        var server = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Postgres"));
        // Read before the database exists: a wrong setting must leave nothing behind.
        var rabbit = RabbitSettings.From(configuration);
        var name = $"bench_{Guid.NewGuid():N}"[..18];
        await ExecuteAsync(configured, $"CREATE DATABASE {name}", cancellation);
        var world = new BenchWorld(rabbit, server, name);
        try
        {
            await new Migrator(world.Source, Migration.Embedded(), _ => { }).ApplyAsync(dryRun: false, cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using (var server = NpgsqlDataSource.Create(_server))
        {
            await ExecuteAsync(server, $"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);
        }

        await RemoveQueuesAsync();
    }

    private async Task RemoveQueuesAsync()
    {
        var factory = RabbitConnections.Factory(Rabbit.ConnectionString, Rabbit.Connection);
        await using var connection = await RabbitConnections.ConnectAsync(factory, CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        var topology = Topology;
        string[] lanes = [topology.LiveQueue, topology.ReprocessQueue, topology.DeadQueue];
        foreach (var queue in lanes.Concat(topology.RetrySteps.Select(step => step.Name)))
        {
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
            await channel.ExchangeDeleteAsync(queue);
        }

        await channel.ExchangeDeleteAsync(topology.Exchange);
        await channel.ExchangeDeleteAsync(topology.ResultsExchange);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
