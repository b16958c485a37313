using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline.Scheduling;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>
/// Image reference in, classification out.                                           bound
/// <code>
/// 1 Receive   RabbitMQ -> Delivery, in two lanes                                  prefetch per lane
/// 2 Load      message -> reference -> bytes -> letterboxed pixels = Part          Loaders per lane, MaxBatch loaded parts per lane
/// 3 Batch     parts of one model -> batch, as late as possible: CutPolicy         1 batch ahead
/// 4 Classify  embedder, meta model, fusion; a failing batch is bisected           InFlight
/// 5 Store     one transaction for the batches that wait                           StoreRows, StoreConcurrency
/// 6 Publish   result events of the committed parts, if Results:Publish            -
/// 7 Settle    acknowledge what is committed; route what failed, part by part      -
/// </code>
/// Every channel is created in <see cref="RunAsync"/>; nothing else in the worker starts a loop on the data path. `stopping` ends
/// receiving; `abort` drops the parts in progress: they stay unacknowledged and the broker delivers them again.
/// <see cref="PartLifetime"/> shows what a part holds until then, and what releases it.
/// </summary>
internal sealed class PartsPipeline(
    IIntake intake, PartLoader loader, IModelSource models, PartStore store, PartEvents events, IFailureRouter failures,
    PipelineOptions options, PipelineMetrics metrics, WorkerState state, TimeProvider time, ILogger<PartsPipeline> log)
{
    private readonly WakeSignal _wake = new();

    public async Task RunAsync(CancellationToken stoppingFromOutside, CancellationToken abortFromOutside)
    {
        using var abortSource = CancellationTokenSource.CreateLinkedTokenSource(abortFromOutside);
        // A faulted stage aborts the others, including those that only consume; otherwise the worker would hang but report healthy.
        using var stoppingSource = CancellationTokenSource.CreateLinkedTokenSource(stoppingFromOutside, abortSource.Token);
        var (stopping, abort) = (stoppingSource.Token, abortSource.Token);
        var received = new Lanes<Delivery>(options.PrefetchOrDefault);
        var loaded = new Lanes<Part>(options.MaxBatch);
        var batches = Lanes<PartBatch>.Bounded(1);
        var classified = Lanes<PartBatch>.Bounded(Math.Max(2, options.StoreRows / options.MaxBatch));
        var slots = new DeviceSlots(options, _wake);
        var share = new ReprocessShare(options, _wake, time);
        using var former = new BatchFormer(received, loaded, slots, share, _wake, options, time);
        var stages = new StageLoops(abortSource);
        stages.Add(1, () => models.PollServingAsync(stopping));
        stages.Add(1, () => Receive(received, stopping), received.Complete);
        stages.Add(options.Loaders, () => Load(received.Live, loaded.Live, share, stopping, abort), () => End(loaded.Live));
        stages.Add(options.Loaders, () => Load(received.Reprocess, loaded.Reprocess, share, stopping, abort), () => End(loaded.Reprocess));
        stages.Add(1, () => Batch(former, slots, batches, abort), () => batches.Writer.TryComplete());
        stages.Add(options.MostInFlight, () => Classify(batches, classified, slots, share, abort), () => classified.Writer.TryComplete());
        stages.Add(options.StoreConcurrency, () => Store(classified, abort));
        await stages.WhenAllAsync();
    }

    // 1 Receive -------------------------------------------------------------------------------------------------------------------
    private async Task Receive(Lanes<Delivery> received, CancellationToken stopping)
    {
        // A worker without a model would only withhold its prefetched messages from the workers that have one.
        await models.WaitUntilLoadedAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await intake.ReceiveAsync(received.Live.Writer, received.Reprocess.Writer, stopping);
    }

    // 2 Load ----------------------------------------------------------------------------------------------------------------------
    private async Task Load(
        ChannelReader<Delivery> received, ChannelWriter<Part> loaded, ReprocessShare share,
        CancellationToken stopping, CancellationToken abort)
    {
        while (!stopping.IsCancellationRequested && await received.WaitToReadAsync(abort))
        {
            while (!stopping.IsCancellationRequested && received.TryRead(out var delivery))
            {
                if (!delivery.IsStale)
                {
                    await LoadOneAsync(delivery, loaded, share, abort);
                }
            }
        }
    }

    private async Task LoadOneAsync(Delivery delivery, ChannelWriter<Part> loaded, ReprocessShare share, CancellationToken abort)
    {
        if (delivery.Lane == Lane.Reprocess)
        {
            await share.WaitUntilQuietAsync(abort);
        }

        using var live = share.Enter(delivery);
        var (main, shadow) = await loader.LoadAsync(delivery, share, abort);
        await EmitAsync(main, loaded, abort);
        await EmitAsync(shadow, loaded, abort);
    }

    private async Task EmitAsync(Part? part, ChannelWriter<Part> loaded, CancellationToken abort)
    {
        if (part is not null)
        {
            await loaded.WriteAsync(part, abort);
            _wake.Set();
        }
    }

    private void End(Channel<Part> lane)
    {
        lane.Writer.TryComplete();
        _wake.Set();
    }

    // 3 Batch ---------------------------------------------------------------------------------------------------------------------
    private async Task Batch(BatchFormer former, DeviceSlots slots, ChannelWriter<PartBatch> batches, CancellationToken abort)
    {
        while (await former.NextAsync(abort) is { } batch)
        {
            slots.Take();
            state.BatchStarted();
            metrics.BatchCut(batch.Parts.Count, batch.CutBy.ToTag(), batch.Model.Key);
            await batches.WriteAsync(batch, abort);
        }
    }

    // 4 Classify ------------------------------------------------------------------------------------------------------------------
    private async Task Classify(
        ChannelReader<PartBatch> batches, ChannelWriter<PartBatch> classified, DeviceSlots slots, ReprocessShare share,
        CancellationToken abort)
    {
        await foreach (var batch in batches.ReadAllAsync(abort))
        {
            state.Tick();
            using var span = StartSpan(PipelineStage.Classify, batch.Parts);
            var started = time.GetTimestamp();
            var failed = await BisectAsync(batch);
            var elapsed = time.GetElapsedTime(started);
            var rests = batch.Model.Device == "cpu" && batch.Parts.TrueForAll(part => part.Delivery.Lane == Lane.Reprocess);
            share.RecordRun(batch.Parts.Count, elapsed, rests);
            batch.Parts.ForEach(part => part.ModelTime = elapsed / batch.Parts.Count);
            slots.Release();
            metrics.Stage(PipelineStage.Classify, elapsed);
            await SettleModelFailuresAsync(batch, failed, abort);
            batch.Parts.ForEach(static part => part.Lifetime.ReleasePixels());
            await classified.WriteAsync(batch, abort);
        }
    }

    private static ValueTask<List<(Part Part, Exception Error)>> BisectAsync(PartBatch batch) => Bisection.RunAsync(
        batch.Parts,
        parts =>
        {
            Classify(batch.Model, parts);
            return ValueTask.CompletedTask;
        },
        error => error is not OperationCanceledException);

    private static void Classify(IServedModel model, IReadOnlyList<Part> parts)
    {
        using var run = model.Rent();
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Lifetime.Pixels.CopyTo(run.Slot(i));
        }

        run.Classify(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Verdict = run.Verdict(i);
        }
    }

    private async Task SettleModelFailuresAsync(PartBatch batch, List<(Part Part, Exception Error)> failed, CancellationToken abort)
    {
        // If other parts passed, the image is the cause. If none passed, the model may be the cause: the parts are retried later.
        var recovery = failed.Count == batch.Parts.Count ? Recovery.Transient : Recovery.Permanent;
        foreach (var (part, error) in failed)
        {
            batch.Parts.Remove(part);
            var reason = $"model {batch.Model.Key} failed on this image: {error.Message}";
            var failure = new PartFailureException(FailureKind.ModelFailure, recovery, reason, error);
            await FailAsync(part, PipelineStage.Classify, failure, abort);
        }
    }

    // 5 Store ---------------------------------------------------------------------------------------------------------------------
    private async Task Store(ChannelReader<PartBatch> classified, CancellationToken abort)
    {
        var parts = new List<Part>(options.StoreRows);
        while (await classified.WaitToReadAsync(abort))
        {
            var batches = 0;
            while (parts.Count + options.MaxBatch <= Math.Max(options.StoreRows, options.MaxBatch) && classified.TryRead(out var batch))
            {
                parts.AddRange(batch.Parts);
                batches++;
            }

            // Another loop may have taken the batch, or the model has failed on all of its parts.
            if (parts.Count > 0)
            {
                await StoreAsync(parts, abort);
            }

            state.BatchesEnded(batches);
            parts.Clear();
        }
    }

    private async Task StoreAsync(List<Part> parts, CancellationToken abort)
    {
        using var span = StartSpan(PipelineStage.Store, parts);
        var started = time.GetTimestamp();
        var refused = await store.WriteAsync(parts, abort);
        metrics.Stage(PipelineStage.Store, time.GetElapsedTime(started));
        await RouteRefusedAsync(parts, refused, abort);
        await PublishAsync(parts, abort);
        Settle(parts);
    }

    // 6 Publish result ------------------------------------------------------------------------------------------------------------
    private async Task PublishAsync(List<Part> parts, CancellationToken abort)
    {
        if (events.IsEnabled)
        {
            using var span = StartSpan(PipelineStage.Publish, parts);
            var started = time.GetTimestamp();
            await events.PublishAsync(parts, abort);
            metrics.Stage(PipelineStage.Publish, time.GetElapsedTime(started));
        }
    }

    // 7 Settle --------------------------------------------------------------------------------------------------------------------
    private void Settle(List<Part> parts)
    {
        foreach (var part in parts)
        {
            var lane = PartsTopology.NameOf(part.Delivery.Lane);
            metrics.Stored(lane, part.Verdict!.Decision, time.GetUtcNow() - part.Delivery.ReceivedAt);
            part.Lifetime.Settle();
        }
    }

    private async Task RouteRefusedAsync(
        List<Part> parts, List<(Part Part, PartFailureException Error)> refused, CancellationToken abort)
    {
        foreach (var (part, error) in refused)
        {
            parts.Remove(part);
            await FailAsync(part, PipelineStage.Store, error, abort);
        }
    }

    private async Task FailAsync(Part part, PipelineStage stage, PartFailureException failure, CancellationToken abort)
    {
        if (part.Shadow)
        {
            log.ShadowFailed(part.Reference.ImageId, part.Model.Key, failure.Message);
            part.Lifetime.Settle();
            return;
        }

        PartTracing.Fail(part.Lifetime.Span, failure);
        await failures.RouteAsync(part.Delivery, stage, failure, abort);
        part.Lifetime.Dispose();
    }

    private static Activity? StartSpan(PipelineStage stage, List<Part> parts) =>
        PartTracing.StartBatch(stage.ToTag(), parts.Select(part => part.Lifetime.Span), parts.Count);
}
