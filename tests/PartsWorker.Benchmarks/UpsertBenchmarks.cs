using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bench;
using PartsWorker.Results;

namespace PartsWorker.Benchmarks;

/// <summary>
/// Storing rows with the worker's own statement, per transaction. Needs the services:
/// <c>deploy/services.sh up; eval "$(deploy/services.sh env)"</c>. Uses a temporary database.
/// </summary>
public class UpsertBenchmarks : IAsyncDisposable
{
    private BenchWorld? _world;
    private ResultWriter? _writer;

    [Params(1, 32, 256)]
    public int Rows { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _world = await BenchWorld.CreateAsync(new ConfigurationBuilder().AddEnvironmentVariables().Build(), CancellationToken.None);
        _writer = new ResultWriter(_world.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
    }

    [Benchmark]
    public Task WriteAsync() => _writer!.WriteAsync(
        [.. Enumerable.Range(0, Rows).Select(_ => BenchRows.Create("/srv/ftp/cam-3/part-000123.jpg", TimeProvider.System.GetUtcNow()))],
        CancellationToken.None);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }
}
