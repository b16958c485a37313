using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Failures;
using PartsWorker.Observability;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Serving;

public sealed class RequestedModelsTests : IModelLibrary, IDisposable
{
    private readonly List<string> _tried = [];
    private readonly HashSet<string> _missing = ["m@1"];
    private readonly ManualTime _time = new();
    private readonly LoadedModels _models;
    private readonly RequestedModels _requested;

    public RequestedModelsTests()
    {
        _models = new LoadedModels(new WorkerState(_time), NullLogger.Instance);
        _requested = new RequestedModels(this, _models, _time);
    }

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task A_refused_bundle_is_not_loaded_again_for_each_message_that_requests_it()
    {
        var first = await RefusedAsync("m@1");
        _time.Advance(TimeSpan.FromSeconds(9));
        var second = await RefusedAsync("m@1");

        Assert.Equal("model m@1 cannot be loaded on this machine: no such model bundle folder", first.Message);
        Assert.Equal((first.Message, first.Recovery), (second.Message, second.Recovery));
        Assert.Equal(["m@1"], _tried);
    }

    [Fact]
    public async Task A_bundle_that_arrives_later_is_loaded_ten_seconds_after_it_was_refused()
    {
        await RefusedAsync("m@1");
        _missing.Clear();
        _time.Advance(TimeSpan.FromSeconds(10));

        using var lease = await _requested.LeaseAsync("m@1", CancellationToken.None);

        Assert.Equal("m@1", lease.Model.Key);
    }

    [Fact]
    public async Task A_refused_bundle_does_not_keep_another_from_loading()
    {
        await RefusedAsync("m@1");

        using var lease = await _requested.LeaseAsync("m@2", CancellationToken.None);

        Assert.Equal("m@2", lease.Model.Key);
    }

    IServedModel IModelLibrary.Load(string folder) => throw new NotSupportedException();

    IServedModel IModelLibrary.LoadKey(string key)
    {
        _tried.Add(key);
        return _missing.Contains(key) ? throw new BundleException("no such model bundle folder") : new FakeModel(key);
    }

    private Task<PartFailureException> RefusedAsync(string key) =>
        Assert.ThrowsAsync<PartFailureException>(() => _requested.LeaseAsync(key, CancellationToken.None));
}
