using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Hosting;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.References;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Tests.Support;

/// <summary>
/// The real pipeline between an intake, model, sink and router that a test controls. Images are files whose first byte is the class.
/// </summary>
internal sealed class PipelineBench : IIntake, IModelSource, IResultSink, IResultEvents, IFailureRouter, IDisposable
{
    private readonly Channel<Delivery> _published = Channel.CreateBounded<Delivery>(10_000);
    private readonly DirectoryInfo _images = Directory.CreateTempSubdirectory("parts-");
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ModelUse _use;
    private readonly PipelineMetrics _metrics;
    private readonly Task _running;

    public PipelineBench(FakeModel? shadow = null, PipelineOptions? options = null, bool loaded = true, ResultsOptions? results = null)
    {
        if (loaded)
        {
            ModelLoaded.SetResult();
        }

        State.Solved(WorkerState.Database);
        _use = new ModelUse(Model);
        _metrics = new PipelineMetrics(State);
        Shadow = shadow;
        options ??= new PipelineOptions { MaxBatch = 8 };
        var storage = new Dependency("image storage", 5, State, TimeProvider.System, NullLogger<Dependency>.Instance);
        var database = new Dependency("database", 1, State, TimeProvider.System, NullLogger<Dependency>.Instance);
        var fetcher = ImageServices.Create(new ImageOptions { Roots = [_images.FullName] }).GetRequiredService<ImageFetcher>();
        var loader = new PartLoader(fetcher, this, this, storage, _metrics, TimeProvider.System, LoaderLog);
        var store = new PartStore(this, "test", database, State);
        var publishing = new Dependency("result exchange", 1, State, TimeProvider.System, NullLogger<Dependency>.Instance);
        var events = new PartEvents(this, results ?? new ResultsOptions(), publishing, State);
        var pipeline = new PartsPipeline(
            this, loader, this, store, events, this, options, _metrics, State, TimeProvider.System, NullLogger<PartsPipeline>.Instance);
        _running = pipeline.RunAsync(_stopping.Token, _abort.Token);
    }

    public FakeModel Model { get; } = new();

    /// <summary>Whether there is a model to classify with.</summary>
    public TaskCompletionSource ModelLoaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeModel? Shadow { get; }

    public FakeAcknowledger Acknowledger { get; } = new();

    public ListLogger<PartLoader> LoaderLog { get; } = new();

    public WorkerState State { get; } = new(TimeProvider.System);

    public ConcurrentQueue<ResultRow> Rows { get; } = new();

    /// <summary>Confirmed result events, in the order in which they were published.</summary>
    public ConcurrentQueue<ResultRow> Events { get; } = new();

    /// <summary>Called before each batch of events is confirmed; may throw or wait.</summary>
    public Func<Task> BeforeConfirm { get; set; } = () => Task.CompletedTask;

    public ConcurrentQueue<(ulong Tag, PartFailureException Failure)> Failed { get; } = new();

    /// <summary>Called before each write; may throw or wait.</summary>
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    public void Publish(ulong tag, byte classId, Lane lane = Lane.Live)
    {
        var file = Path.Combine(_images.FullName, $"{tag}.img");
        File.WriteAllBytes(file, [classId, 0, 0, 0]);
        Publish(tag, ImageReferenceCodec.Encode(Some.Reference(uri: new Uri(file).AbsoluteUri)), lane);
    }

    public void Publish(ulong tag, byte[] body, Lane lane = Lane.Live) =>
        Assert.True(_published.Writer.TryWrite(Some.Delivery(lane, Acknowledger, tag, body)));

    /// <summary>Waits until <paramref name="done"/> holds, or fails the test.</summary>
    public async Task UntilAsync(Func<bool> done)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done())
        {
            if (_running.IsFaulted)
            {
                await _running;
            }

            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Stops taking and waits for the end.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Stops and gives up the parts in progress.</summary>
    public async Task AbortAsync()
    {
        await _stopping.CancelAsync();
        await _abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public bool IsReceiving { get; private set; }

    public async Task ReceiveAsync(ChannelWriter<Delivery> live, ChannelWriter<Delivery> reprocess, CancellationToken stopping)
    {
        IsReceiving = true;
        try
        {
            await foreach (var delivery in _published.Reader.ReadAllAsync(stopping))
            {
                await (delivery.Lane == Lane.Live ? live : reprocess).WriteAsync(delivery, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    public Task CloseAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task PollServingAsync(CancellationToken stopping) => Task.CompletedTask;

    public Task WaitUntilLoadedAsync(CancellationToken cancellation) => ModelLoaded.Task.WaitAsync(cancellation);

    public ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation) =>
        ValueTask.FromResult(_use.TryLease()!.Value);

    public ModelLease? LeaseShadow(Guid imageId, Lane lane) => Shadow is null ? null : new ModelUse(Shadow).TryLease();

    public async Task<IReadOnlyList<RowFailure>> WriteAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        await BeforeWrite().WaitAsync(cancellationToken);
        foreach (var row in rows)
        {
            Rows.Enqueue(row);
        }

        return [];
    }

    public async Task PublishAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        Assert.All(rows, row => Assert.Contains(Rows, stored => stored.Key == row.Key));
        await BeforeConfirm().WaitAsync(cancellationToken);
        foreach (var row in rows)
        {
            Events.Enqueue(row);
        }
    }

    public Task RouteAsync(Delivery delivery, PipelineStage stage, PartFailureException failure, CancellationToken abort)
    {
        var before = Acknowledger.Tags.Count;
        delivery.Done();
        Failed.Enqueue((Acknowledger.Tags.Skip(before).FirstOrDefault(), failure));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
        _abort.Cancel();
        _images.Delete(recursive: true);
        _metrics.Dispose();
    }
}
