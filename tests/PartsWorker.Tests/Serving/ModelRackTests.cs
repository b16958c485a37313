using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.Observability;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Serving;

public sealed class ModelRackTests : IAsyncLifetime
{
    private readonly Library _library = new();
    private readonly Pointer _pointer = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ModelRack _rack;
    private Task _following = Task.CompletedTask;

    public ModelRackTests() => _rack = new ModelRack(
        new ModelOptions { PollInterval = TimeSpan.FromMilliseconds(1) }, _library, _pointer, new WorkerState(TimeProvider.System),
        TimeProvider.System, NullLogger<ModelRack>.Instance);

    public Task InitializeAsync()
    {
        _following = _rack.PollServingAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _rack.Dispose();
        Assert.All(_library.Loaded, model => Assert.True(model.IsDisposed));
    }

    [Fact]
    public async Task Rolling_back_loads_nothing()
    {
        await _pointer.ShowAsync(new ServingState("m@1", null, 0));
        await _pointer.ShowAsync(new ServingState("m@2", null, 0));
        await _pointer.ShowAsync(new ServingState("m@1", null, 0));

        using var lease = await _rack.LeaseAsync(requested: null, CancellationToken.None);
        Assert.Equal("m@1", lease.Model.Key);
        Assert.Equal(["m@1", "m@2"], _library.Loaded.Select(model => model.Key));
    }

    [Fact]
    public async Task A_shadow_model_is_not_loaded_again_when_it_is_activated()
    {
        await _pointer.ShowAsync(new ServingState("m@1", "m@2", 1));
        using (var shadow = _rack.LeaseShadow(Guid.NewGuid(), Lane.Live)!.Value)
        {
            Assert.Equal("m@2", shadow.Model.Key);
        }

        await _pointer.ShowAsync(new ServingState("m@2", null, 0));

        Assert.Null(_rack.LeaseShadow(Guid.NewGuid(), Lane.Live));
        using var lease = await _rack.LeaseAsync(requested: null, CancellationToken.None);
        Assert.Equal("m@2", lease.Model.Key);
        Assert.Equal(2, _library.Loaded.Count);
    }

    [Fact]
    public async Task A_refused_bundle_leaves_the_old_model_active()
    {
        await _pointer.ShowAsync(new ServingState("m@1", null, 0));
        await _pointer.ShowAsync(new ServingState("broken@1", null, 0));

        using var lease = await _rack.LeaseAsync(requested: null, CancellationToken.None);
        Assert.Equal("m@1", lease.Model.Key);
    }

    [Fact]
    public async Task A_model_is_unloaded_when_it_is_two_changes_old_and_its_last_part_is_classified()
    {
        await _pointer.ShowAsync(new ServingState("m@1", null, 0));
        var lease = await _rack.LeaseAsync(requested: null, CancellationToken.None);
        await _pointer.ShowAsync(new ServingState("m@2", null, 0));
        await _pointer.ShowAsync(new ServingState("m@3", null, 0));
        Assert.False(_library.Loaded[0].IsDisposed);

        lease.Dispose();

        Assert.True(_library.Loaded[0].IsDisposed);
        Assert.False(_library.Loaded[1].IsDisposed);
    }

    [Fact]
    public async Task Stopping_while_SQL_does_not_answer_ends_the_polling_without_an_exception()
    {
        await _pointer.HangAsync();

        await _stopping.CancelAsync();

        await _following.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task With_Follow_off_and_no_bundle_the_start_is_refused_because_no_model_could_ever_serve()
    {
        using var rack = new ModelRack(
            new ModelOptions { Follow = false }, _library, _pointer, new WorkerState(TimeProvider.System), TimeProvider.System,
            NullLogger<ModelRack>.Instance);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => rack.StartAsync(CancellationToken.None));

        Assert.Equal("Model:Follow is false, so Model:Bundle must name the bundle that serves", error.Message);
    }

    private sealed class Library : IModelLibrary
    {
        public List<FakeModel> Loaded { get; } = [];

        public IServedModel LoadKey(string key) => Load(key);

        public IServedModel Load(string folder)
        {
            if (folder.StartsWith("broken", StringComparison.Ordinal))
            {
                throw new BundleException("golden images are not reproduced");
            }

            Loaded.Add(new FakeModel(folder));
            return Loaded[^1];
        }
    }

    private sealed class Pointer : IServingPointer
    {
        private readonly SemaphoreSlim _reads = new(0);
        private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile Box _shown = new(default);
        private volatile bool _hangs;

        public async Task<ServingState> ReadAsync(CancellationToken cancellation)
        {
            if (_hangs)
            {
                _hanging.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            var shown = _shown.State;
            _reads.Release();
            return shown;
        }

        /// <summary>Returns once a read waits for an answer that does not come.</summary>
        public Task HangAsync()
        {
            _hangs = true;
            return _hanging.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        /// <summary>Returns when the rack has applied it: at the read after the one that returned it.</summary>
        public async Task ShowAsync(ServingState serving)
        {
            _shown = new Box(serving);
            while (_reads.CurrentCount > 0)
            {
                await _reads.WaitAsync();
            }

            for (var read = 0; read < 3; read++)
            {
                await _reads.WaitAsync();
            }
        }

        private sealed record Box(ServingState State);
    }
}
