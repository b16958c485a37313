using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.References;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>Step 2: turns a delivery into parts ready for their model (two when a shadow model looks too), or routes it away as a failure.</summary>
internal sealed class PartLoader(
    ImageFetcher images, IModelSource models, IFailureRouter failures, Circuit storage, WorkerState state, PipelineMetrics metrics,
    TimeProvider time, ILogger<PartLoader> log)
{
    /// <summary>No part when the delivery failed; the failure is then already routed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LoadedParts> LoadAsync(Delivery delivery, CancellationToken abort)
    {
        metrics.Consumed(PartsTopology.NameOf(delivery.Lane), delivery.ReceivedAt - delivery.PublishedAt);
        var span = PartTracing.StartPart(delivery.Headers, delivery.Exchange, delivery.RoutingKey, delivery.Queue, delivery.ReceivedAt);
        var (parts, failure) = await TryLoadAsync(delivery, abort);
        if (failure is not null)
        {
            PartTracing.Fail(span, failure);
            await failures.RouteAsync(delivery, "load", failure, abort);
        }
        else if (parts.Main is { } part)
        {
            part.Span = span?.SetTag("messaging.message.id", part.Reference.ImageId.ToString());
        }

        return parts;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(LoadedParts Parts, PartFailureException? Failure)> TryLoadAsync(Delivery delivery, CancellationToken abort)
    {
        while (!delivery.IsStale)
        {
            await storage.PauseAsync(abort);
            try
            {
                var parts = await LoadPartsAsync(delivery, abort);
                StorageWorks();
                return (parts, null);
            }
            catch (PartFailureException failure) when (failure.Recovery == Recovery.DependencyDown)
            {
                if (!StorageFailed(failure))
                {
                    return (default, failure);
                }
            }
            catch (Exception error) when (!abort.IsCancellationRequested)
            {
                return (default, LoadFailures.Classify(error));
            }
        }

        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LoadedParts> LoadPartsAsync(Delivery delivery, CancellationToken abort)
    {
        var reference = ImageReferenceCodec.Decode(delivery.Body, delivery.ContentType, delivery.Headers);
        var started = time.GetTimestamp();
        using var image = await images.FetchAsync(reference.Uri, reference.Sha256, abort);
        metrics.Stage("fetch", time.GetElapsedTime(started));
        var lease = await models.LeaseAsync(HeaderReader.Text(delivery.Headers, PartsHeaders.Model), abort);
        var main = Prepare(new Part(delivery, reference, lease, shadow: false), image);
        return new(main, models.LeaseShadow(reference.ImageId, delivery.Lane) is { } shadow ? AddShadow(new Part(delivery, reference, shadow, shadow: true), image) : null);
    }

    private Part? AddShadow(Part part, FetchedImage image)
    {
        try
        {
            Prepare(part, image);
            part.Delivery.Share();
            return part;
        }
        catch (Exception error)
        {
            // The shadow only watches: whatever happens to it, the live part goes on.
            log.ShadowFailed(part.Reference.ImageId, part.Model.Key, error.Message);
            return null;
        }
    }

    private Part Prepare(Part part, FetchedImage image)
    {
        var started = time.GetTimestamp();
        try
        {
            (part.Width, part.Height) = part.Model.Prepare(image.Bytes.Span, part.Pixels);
        }
        catch
        {
            part.Dispose();
            throw;
        }

        metrics.Stage("decode", time.GetElapsedTime(started));
        return part;
    }

    private void StorageWorks()
    {
        if (storage.Succeeded())
        {
            state.Solved(storage.Name);
            log.CircuitClosed(storage.Name);
        }
    }

    /// <returns>True when the circuit is open: the part waits here and is tried again. False: one part's trouble so far, let it come back later.</returns>
    private bool StorageFailed(PartFailureException failure)
    {
        if (storage.Failed(failure.Message))
        {
            state.Problem(storage.Name, failure.Message);
            log.CircuitOpened(storage.Name, failure.Message);
        }

        return storage.IsOpen;
    }
}

/// <summary>What became of one delivery: its part, and a second one where a shadow model looks too. None where it failed or went stale.</summary>
internal readonly record struct LoadedParts(Part? Main, Part? Shadow)
{
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Those that are there, without a list.</summary>
    [StructLayout(LayoutKind.Auto)]
    public struct Enumerator(LoadedParts parts)
    {
        private int _next;

        public Part Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next < 2)
            {
                if ((_next++ == 0 ? parts.Main : parts.Shadow) is { } part)
                {
                    Current = part;
                    return true;
                }
            }

            return false;
        }
    }
}
