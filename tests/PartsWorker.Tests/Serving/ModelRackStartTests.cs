using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Observability;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Serving;

/// <summary>The model that a worker starts with; <c>m@1</c> is its <c>Model:Bundle</c>.</summary>
public sealed class ModelRackStartTests : IModelLibrary, IServingPointer, IAsyncLifetime
{
    private readonly List<FakeModel> _loaded = [];
    private readonly HashSet<string> _missing = [];
    private readonly ManualTime _time = new();
    private readonly WorkerState _state = new(TimeProvider.System);
    private readonly ListLogger<ModelRack> _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ModelRack _rack;
    private Func<ServingState> _serving = () => default;
    private Task _following = Task.CompletedTask;

    public ModelRackStartTests() => _rack = new ModelRack(new ModelOptions { Bundle = "m@1" }, this, this, _state, _time, _log);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _rack.Dispose();
        Assert.All(_loaded, model => Assert.True(model.IsDisposed));
    }

    [Fact]
    public async Task A_worker_starts_with_the_model_that_SQL_names_and_loads_no_other()
    {
        _serving = () => new ServingState("m@2", null, 0);

        await _rack.StartAsync(CancellationToken.None);

        Assert.Equal("m@2", await ActiveAsync());
        Assert.Equal(["m@2"], _loaded.Select(model => model.Key));
    }

    [Fact]
    public async Task The_configured_bundle_serves_while_SQL_names_no_model()
    {
        await _rack.StartAsync(CancellationToken.None);

        Assert.Equal("m@1", await ActiveAsync());
        Assert.Empty(Warnings());
    }

    [Fact]
    public async Task The_configured_bundle_serves_and_one_warning_is_logged_while_SQL_cannot_be_read()
    {
        _serving = () => throw new TimeoutException("no answer within 15 s");
        await StartAndPollAsync();
        await PollAsync(times: 5);

        Assert.Equal("m@1", await ActiveAsync());
        Assert.Equal(
            "Could not read the active model from the database; keeping m@1: PostgreSQL does not answer: no answer within 15 s",
            Assert.Single(Warnings()));
    }

    [Fact]
    public async Task The_model_that_SQL_names_takes_over_as_soon_as_SQL_can_be_read()
    {
        _serving = () => throw new TimeoutException("no answer");
        await StartAndPollAsync();

        _serving = () => new ServingState("m@2", null, 0);
        await PollAsync(times: 2);

        Assert.Equal("m@2", await ActiveAsync());
    }

    [Fact]
    public async Task A_fallback_stops_serving_once_SQL_names_another_model_even_if_that_model_does_not_load()
    {
        _serving = () => throw new TimeoutException("no answer");
        await StartAndPollAsync();

        _missing.Add("m@2");
        _serving = () => new ServingState("m@2", null, 0);
        await PollAsync(times: 2);

        Assert.False(_rack.WaitUntilLoadedAsync(CancellationToken.None).IsCompleted);
        Assert.Contains("m@2", _state.Problems["model"], StringComparison.Ordinal);
        Assert.Null(_state.Model);
    }

    [Fact]
    public async Task A_shadow_that_does_not_load_is_not_named_as_the_active_model()
    {
        _missing.UnionWith(["m@2", "m@3"]);
        _serving = () => new ServingState("m@2", "m@3", 1);
        await StartAndPollAsync();
        await PollAsync(times: 2);

        Assert.Equal("m@2 is active but could not be loaded: no such model bundle folder", _state.Problems["model"]);
    }

    [Fact]
    public async Task A_named_model_that_is_missing_at_the_start_is_tried_again_and_no_model_serves_until_then()
    {
        _missing.Add("m@2");
        _serving = () => new ServingState("m@2", null, 0);
        await StartAndPollAsync();
        await PollAsync(times: 3);

        Assert.False(_rack.WaitUntilLoadedAsync(CancellationToken.None).IsCompleted);
        Assert.Equal("m@2 is active but could not be loaded: no such model bundle folder", _state.Problems["model"]);
        Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Error);

        _missing.Clear();
        await PollAsync(times: 10);

        Assert.Equal("m@2", await ActiveAsync());
        Assert.DoesNotContain("model", _state.Problems.Keys);
    }

    [Fact]
    public async Task With_Follow_off_the_configured_bundle_serves_even_if_SQL_names_another_model()
    {
        _serving = () => new ServingState("m@2", null, 0);
        using var rack = new ModelRack(new ModelOptions { Bundle = "m@1", Follow = false }, this, this, _state, _time, _log);

        await rack.StartAsync(CancellationToken.None);

        using var lease = await rack.LeaseAsync(requested: null, CancellationToken.None);
        Assert.Equal("m@1", lease.Model.Key);
    }

    IServedModel IModelLibrary.Load(string folder)
    {
        if (_missing.Contains(folder))
        {
            throw new BundleException("no such model bundle folder");
        }

        _loaded.Add(new FakeModel(folder));
        return _loaded[^1];
    }

    IServedModel IModelLibrary.LoadKey(string key) => ((IModelLibrary)this).Load(key);

    Task<ServingState> IServingPointer.ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult(_serving());
        }
        catch (TimeoutException error)
        {
            return Task.FromException<ServingState>(error);
        }
    }

    private IEnumerable<string> Warnings() => _log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Line);

    private async Task<string> ActiveAsync()
    {
        using var lease = await _rack.LeaseAsync(requested: null, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        return lease.Model.Key;
    }

    private async Task StartAndPollAsync()
    {
        await _rack.StartAsync(CancellationToken.None);
        _following = Task.Run(() => _rack.PollServingAsync(_stopping.Token));
        await WaitUntilPolledAsync();
    }

    private async Task PollAsync(int times)
    {
        for (var poll = 0; poll < times; poll++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await WaitUntilPolledAsync();
        }
    }

    /// <summary>Returns when the rack has applied what it read and waits for its next poll.</summary>
    private async Task WaitUntilPolledAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (_time.WaitingTimers == 0)
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
