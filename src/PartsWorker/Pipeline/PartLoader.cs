using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Images;
using PartsWorker.Intake;
using PartsWorker.Model.Preprocessing;
using PartsWorker.Models;
using PartsWorker.Observability;

namespace PartsWorker.Pipeline;

/// <summary>Step 2: turns a delivery into parts ready for their model (two when a shadow model looks too), or routes it away as a failure.</summary>
internal sealed class PartLoader(
    ImageFetcher images, IModelSource models, IFailureRouter failures, Circuit storage, WorkerState state, PipelineMetrics metrics,
    TimeProvider time, ILogger<PartLoader> log)
{
    /// <summary>No part when the delivery failed; the failure is then already routed.</summary>
    public async IAsyncEnumerable<Part> LoadAsync(Delivery delivery, [EnumeratorCancellation] CancellationToken abort)
    {
        metrics.Consumed(PartsTopology.NameOf(delivery.Lane), delivery.ReceivedAt - delivery.PublishedAt);
        var span = PartTracing.StartPart(delivery);
        var parts = new List<Part>(2);
        var failure = await TryLoadAsync(delivery, parts, abort);
        if (failure is not null)
        {
            PartTracing.Fail(span, failure);
            parts.ForEach(part => part.Dispose());
            await failures.RouteAsync(delivery, "load", failure, abort);
            yield break;
        }

        foreach (var part in parts)
        {
            part.Span = part.Shadow ? null : span?.SetTag("messaging.message.id", part.Reference.ImageId.ToString());
            yield return part;
        }
    }

    private async Task<PartFailureException?> TryLoadAsync(Delivery delivery, List<Part> parts, CancellationToken abort)
    {
        while (!delivery.IsStale)
        {
            await storage.PauseAsync(abort);
            try
            {
                await LoadPartsAsync(delivery, parts, abort);
                StorageWorks();
                return null;
            }
            catch (PartFailureException failure) when (failure.Recovery == Recovery.DependencyDown)
            {
                if (!StorageFailed(failure))
                {
                    return failure;
                }
            }
            catch (Exception error) when (!abort.IsCancellationRequested)
            {
                return LoadFailures.Classify(error);
            }
        }

        return null;
    }

    private async Task LoadPartsAsync(Delivery delivery, List<Part> parts, CancellationToken abort)
    {
        var reference = ImageReferenceCodec.Decode(delivery.Body, delivery.ContentType, delivery.Headers);
        var started = time.GetTimestamp();
        using var image = await images.FetchAsync(reference.Uri, reference.Sha256, abort);
        metrics.Stage("fetch", time.GetElapsedTime(started));
        var lease = await models.LeaseAsync(HeaderReader.Text(delivery.Headers, PartsHeaders.Model), abort);
        parts.Add(Prepare(new Part(delivery, reference, lease, shadow: false), image));
        if (models.LeaseShadow(reference.ImageId, delivery.Lane) is { } shadow)
        {
            AddShadow(new Part(delivery, reference, shadow, shadow: true), image, parts);
        }
    }

    private void AddShadow(Part part, FetchedImage image, List<Part> parts)
    {
        try
        {
            parts.Add(Prepare(part, image));
            part.Delivery.Share();
        }
        catch (Exception error)
        {
            // The shadow only watches: whatever happens to it, the live part goes on.
            log.ShadowFailed(part.Reference.ImageId, part.Model.Key, error.Message);
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
