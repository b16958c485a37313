using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline.Scheduling;
using PartsWorker.References;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>
/// Step 2: turns a delivery into the part its model classifies, and a second one for the shadow model if there is one, or routes it as a
/// failure.
/// </summary>
internal sealed class PartLoader(
    ImageFetcher images, IModelSource models, IFailureRouter failures, Dependency storage, PipelineMetrics metrics, TimeProvider time,
    ILogger<PartLoader> log)
{
    /// <summary>Loads the delivery; waits while the image storage is down.</summary>
    /// <returns>No part when the delivery failed, in which case the failure is already routed, or went stale.</returns>
    /// <exception cref="OperationCanceledException">The delivery was aborted.</exception>
    public async Task<(Part? Main, Part? Shadow)> LoadAsync(Delivery delivery, ReprocessShare share, CancellationToken abort)
    {
        metrics.Consumed(PartsTopology.NameOf(delivery.Lane), delivery.ReceivedAt - delivery.PublishedAt);
        var span = PartTracing.StartPart(delivery.Headers, delivery.Exchange, delivery.RoutingKey, delivery.Queue, delivery.ReceivedAt);
        try
        {
            var reference = ImageReferenceCodec.Decode(delivery.Body, delivery.ContentType, delivery.Headers, delivery.ContentEncoding);
            span?.SetTag("messaging.message.id", reference.ImageId.ToString());
            using var image = await FetchAsync(delivery, reference, abort);
            if (image is null)
            {
                return default;
            }

            var lease = await models.LeaseAsync(HeaderReader.Text(delivery.Headers, PartsHeaders.Model), abort);
            var main = new Part(reference, new PartLifetime(delivery, lease, share.Enter(delivery)), shadow: false);
            var shadow = PrepareParts(main, image, share);
            main.Lifetime.Span = span;
            return (main, shadow);
        }
        catch (Exception error)
        {
            abort.ThrowIfCancellationRequested();
            await FailAsync(delivery, span, error, abort);
            return default;
        }
    }

    /// <summary>Fetches the image; waits while the image storage is down.</summary>
    /// <returns>Null when the delivery went stale.</returns>
    private async Task<FetchedImage?> FetchAsync(Delivery delivery, ImageReference reference, CancellationToken abort)
    {
        while (!delivery.IsStale)
        {
            await storage.PauseAsync(abort);
            try
            {
                var started = time.GetTimestamp();
                var image = await images.FetchAsync(reference.Uri, reference.Sha256, abort);
                metrics.Stage(PipelineStage.Fetch, time.GetElapsedTime(started));
                storage.ReportSuccess();
                return image;
            }
            catch (PartFailureException failure) when (failure.Recovery == Recovery.WithDependency)
            {
                storage.ReportFailure(failure.Message);
                if (!storage.IsDown)
                {
                    // Too few failures in a row to count the storage as down: this part is retried later.
                    throw;
                }
            }
        }

        return null;
    }

    /// <returns>The prepared part of the shadow model, if there is one.</returns>
    private Part? PrepareParts(Part main, FetchedImage image, ReprocessShare share)
    {
        try
        {
            Prepare(main, image);
            return LoadShadow(main, image, share);
        }
        catch
        {
            main.Lifetime.Dispose();
            throw;
        }
    }

    private Part? LoadShadow(Part main, FetchedImage image, ReprocessShare share)
    {
        var delivery = main.Delivery;
        if (models.LeaseShadow(main.Reference.ImageId, delivery.Lane) is not { } lease)
        {
            return null;
        }

        delivery.Share();
        var part = new Part(main.Reference, new PartLifetime(delivery, lease, share.Enter(delivery)), shadow: true);
        try
        {
            Prepare(part, image);
            return part;
        }
        catch (Exception error)
        {
            // The shadow model runs for comparison only: no failure of it may affect the main part.
            log.ShadowFailed(part.Reference.ImageId, part.Model.Key, error.Message);
            part.Lifetime.Settle();
            return null;
        }
    }

    private void Prepare(Part part, FetchedImage image)
    {
        var started = time.GetTimestamp();
        (part.Width, part.Height) = part.Model.Prepare(image.Bytes.Span, part.Lifetime.Pixels);
        metrics.Stage(PipelineStage.Decode, time.GetElapsedTime(started));
    }

    private async Task FailAsync(Delivery delivery, Activity? span, Exception error, CancellationToken abort)
    {
        var failure = LoadFailures.Classify(error);
        if (failure.Kind == FailureKind.InternalError)
        {
            log.InternalError(delivery.ImageName ?? "without an id", error);
        }

        PartTracing.Fail(span, failure);
        await failures.RouteAsync(delivery, PipelineStage.Load, failure, abort);
    }
}
