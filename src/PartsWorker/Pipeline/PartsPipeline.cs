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
/// Image reference in, verdict out.                                               bound
/// <code>
/// 1 Receive   RabbitMQ -> Delivery, in two lanes                               prefetch per lane
/// 2 Load      message -> reference -> bytes -> letterboxed pixels = Part       Loaders per lane
/// 3 Batch     when the device can take one: full, or what is there if none wait one batch ahead; Fill, LiveWait
/// 4 Classify  stage one, stage two, fuse; a failing batch is bisected          InFlight
/// 5 Store     one transaction for the batches that wait                        StoreRows, StoreConcurrency
/// 6 Settle    acknowledge what is committed; route what failed, part by part   -
/// </code>
/// Every channel is created in <see cref="RunAsync"/>; nothing else in the worker starts a loop on the data path. `stopping` ends taking,
/// `abort` gives up what is in hand: it stays unacknowledged and the broker delivers it again.
/// </summary>
internal sealed class PartsPipeline(
    IIntake intake, PartLoader loader, IModelSource models, PartStore store, IFailureRouter failures, PipelineOptions options,
    PipelineMetrics metrics, WorkerState state, TimeProvider time, ILogger<PartsPipeline> log)
{
    private readonly WakeSignal _wake = new();

    public async Task RunAsync(CancellationToken stoppingFromOutside, CancellationToken abortFromOutside)
    {
        using var abortSource = CancellationTokenSource.CreateLinkedTokenSource(abortFromOutside);
        var abort = abortSource.Token;

        // A stage that faults aborts the others, and those which only take must end with them: else the worker would stand still and live.
        using var stoppingSource = CancellationTokenSource.CreateLinkedTokenSource(stoppingFromOutside, abort);
        var stopping = stoppingSource.Token;
        var received = new Lanes<Delivery>(options.PrefetchOrDefault);
        var loaded = new Lanes<Part>(options.MaxBatch);
        var batches = Lanes<PartBatch>.Bounded(1);
        var judged = Lanes<PartBatch>.Bounded(Math.Max(2, options.StoreRows / options.MaxBatch));
        var slots = new DeviceSlots(options, _wake);
        var share = new ReprocessShare(options, _wake, time);
        using var former = new BatchFormer(received, loaded, slots, share, _wake, options, time);

        var stages = new StageLoops(abortSource);
        stages.Add(1, () => models.FollowAsync(stopping), () => { });
        stages.Add(1, () => Receive(received, stopping), received.Complete);
        stages.Add(options.Loaders, () => Load(received.Live.Reader, loaded.Live.Writer, share, Lane.Live, stopping, abort), () => End(loaded.Live.Writer));
        stages.Add(options.Loaders, () => Load(received.Reprocess.Reader, loaded.Reprocess.Writer, share, Lane.Reprocess, stopping, abort), () => End(loaded.Reprocess.Writer));
        stages.Add(1, () => Batch(former, slots, batches.Writer, abort), () => batches.Writer.TryComplete());
        stages.Add(options.MostInFlight, () => Classify(batches.Reader, judged.Writer, slots, share, abort), () => judged.Writer.TryComplete());
        stages.Add(options.StoreConcurrency, () => Store(judged.Reader, abort), () => { });
        await stages.WhenAllAsync();
    }

    // 1 ---------------------------------------------------------------------------------------------------------------------------
    private async Task Receive(Lanes<Delivery> to, CancellationToken stopping)
    {
        // A worker without a model would only keep its prefetch from the workers that have one.
        await models.WaitUntilLoadedAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await intake.ReceiveAsync(to.Live.Writer, to.Reprocess.Writer, stopping);
    }

    // 2 ---------------------------------------------------------------------------------------------------------------------------
    private async Task Load(
        ChannelReader<Delivery> from, ChannelWriter<Part> to, ReprocessShare share, Lane lane, CancellationToken stopping, CancellationToken abort)
    {
        var (begin, end) = lane == Lane.Live ? ((Action)share.LiveBegins, (Action)share.LiveEnds) : (() => { }, () => { });
        while (!stopping.IsCancellationRequested && await from.WaitToReadAsync(abort))
        {
            while (!stopping.IsCancellationRequested && from.TryRead(out var delivery))
            {
                if (delivery.IsStale)
                {
                    continue;
                }

                await (lane == Lane.Reprocess ? share.QuietAsync(abort) : Task.CompletedTask);
                begin();
                var parts = await loader.LoadAsync(delivery, abort);
                foreach (var part in parts)
                {
                    begin();
                    part.Ended = end;
                    await to.WriteAsync(part, abort);
                    _wake.Set();
                }

                end();
            }
        }
    }

    // 3 ---------------------------------------------------------------------------------------------------------------------------
    private async Task Batch(BatchFormer former, DeviceSlots slots, ChannelWriter<PartBatch> batches, CancellationToken abort)
    {
        // No batch is cut before the device has room for it: until then parts keep arriving and the batch is formed as late as can be.
        while (await former.NextAsync(abort) is { } batch)
        {
            slots.Take();
            state.BatchStarted();
            metrics.BatchCut(batch.Parts.Count, batch.CutBy, batch.Model.Key);
            await batches.WriteAsync(batch, abort);
        }
    }

    // 4 ---------------------------------------------------------------------------------------------------------------------------
    private async Task Classify(ChannelReader<PartBatch> batches, ChannelWriter<PartBatch> judged, DeviceSlots slots, ReprocessShare share, CancellationToken abort)
    {
        await foreach (var batch in batches.ReadAllAsync(abort))
        {
            state.Tick();
            using var span = PartTracing.StartBatch("classify", batch.Parts.Select(part => part.Span), batch.Parts.Count);
            var started = time.GetTimestamp();
            var guilty = await Bisection.RunAsync(batch.Parts, parts => ClassifyAsync(batch.Model, parts), error => error is not OperationCanceledException);
            var elapsed = time.GetElapsedTime(started);
            share.Ran(batch.Parts.Count, elapsed, restAfter: batch.Model.Device == "cpu" && batch.Parts.TrueForAll(part => part.Delivery.Lane == Lane.Reprocess));
            slots.Release();
            metrics.Stage("classify", elapsed);
            await SettleModelFailuresAsync(batch, guilty, abort);
            batch.Parts.ForEach(static part => part.ReleasePixels());
            await judged.WriteAsync(batch, abort);
        }
    }

    private static ValueTask ClassifyAsync(IServedModel model, IReadOnlyList<Part> parts)
    {
        using var run = model.Rent();
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Pixels.CopyTo(run.Slot(i));
        }

        run.Classify(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].Verdict = run.Verdict(i);
        }

        return ValueTask.CompletedTask;
    }

    private async Task SettleModelFailuresAsync(PartBatch batch, List<(Part Part, Exception Error)> guilty, CancellationToken abort)
    {
        // Where others passed, the culprit is the image. Where nothing passed it may be the model that is ill: the parts get another chance later.
        var recovery = guilty.Count == batch.Parts.Count ? Recovery.Transient : Recovery.Permanent;
        foreach (var (part, error) in guilty)
        {
            batch.Parts.Remove(part);
            var failure = new PartFailureException(FailureKind.ModelFailure, recovery, $"model {batch.Model.Key} failed on this image: {error.Message}", error);
            await FailAsync(part, "classify", failure, abort);
        }
    }

    // 5 ---------------------------------------------------------------------------------------------------------------------------
    private async Task Store(ChannelReader<PartBatch> judged, CancellationToken abort)
    {
        var parts = new List<Part>(options.StoreRows);
        while (await judged.WaitToReadAsync(abort))
        {
            var batches = 0;
            while (parts.Count + options.MaxBatch <= Math.Max(options.StoreRows, options.MaxBatch) && judged.TryRead(out var batch))
            {
                parts.AddRange(batch.Parts);
                batches++;
            }

            using var span = PartTracing.StartBatch("store", parts.Select(part => part.Span), parts.Count);
            var started = time.GetTimestamp();
            var refused = await store.WriteAsync(parts, abort);
            metrics.Stage("store", time.GetElapsedTime(started));
            await SettleAsync(parts, refused, abort);
            state.BatchesEnded(batches);
            parts.Clear();
        }
    }

    // 6 ---------------------------------------------------------------------------------------------------------------------------
    private async Task SettleAsync(List<Part> parts, List<(Part Part, PartFailureException Error)> refused, CancellationToken abort)
    {
        foreach (var (part, error) in refused)
        {
            parts.Remove(part);
            await FailAsync(part, "store", error, abort);
        }

        foreach (var part in parts)
        {
            var lane = PartsTopology.NameOf(part.Delivery.Lane);
            metrics.Stored(lane, part.Verdict!.Decision, time.GetUtcNow() - part.Delivery.ReceivedAt);
            part.Delivery.Done();
            part.Dispose();
        }
    }

    private async Task FailAsync(Part part, string stage, PartFailureException failure, CancellationToken abort)
    {
        if (part.Shadow)
        {
            log.ShadowFailed(part.Reference.ImageId, part.Model.Key, failure.Message);
            part.Delivery.Done();
        }
        else
        {
            PartTracing.Fail(part.Span, failure);
            await failures.RouteAsync(part.Delivery, stage, failure, abort);
        }

        part.Dispose();
    }

    private void End(ChannelWriter<Part> lane)
    {
        lane.TryComplete();
        _wake.Set();
    }
}
