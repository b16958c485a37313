using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Harness.Network;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Results;

/// <summary>The way to the test database, which can fall silent with every connection standing: old ones, new ones, and requests to
/// cancel.</summary>
internal sealed class SwallowingNetwork : IAsyncDisposable
{
    private readonly Proxy _proxy;
    private readonly NpgsqlDataSource _source;

    public SwallowingNetwork(TestDatabase database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _proxy = new Proxy(settings.Port);
        settings.Port = _proxy.Port;
        _source = NpgsqlDataSource.Create(settings);
    }

    public void Swallow() => _proxy.Mode = ProxyMode.Swallow;

    public ResultWriter Writer(TimeSpan commandTimeout) =>
        new(
            _source,
            new ResultsOptions { CommandTimeout = commandTimeout, RetryAttempts = 0 },
            TimeProvider.System,
            NullLogger<ResultWriter>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _source.DisposeAsync();
    }
}
