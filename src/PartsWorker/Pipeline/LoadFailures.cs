using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Client;
using PartsWorker.Failures;

namespace PartsWorker.Pipeline;

/// <summary>
/// Names the failure behind an exception of the load stage. Each room throws its own exceptions; this class maps them to one failure kind.
/// </summary>
internal static class LoadFailures
{
    public static PartFailureException Classify(Exception error) => error switch
    {
        PartFailureException known => known,
        BadMessageException => new(FailureKind.BadMessage, Recovery.Permanent, error.Message, error),
        ImageTooLargeException => new(FailureKind.TooLarge, Recovery.Permanent, error.Message, error),
        UnreadableImageException => new(FailureKind.UnreadableImage, Recovery.Permanent, error.Message, error),

        // Every decoder error arrives as one of the types above; anything else is a fault of the worker, not of the image.
        _ => new(FailureKind.InternalError, Recovery.Transient, $"unexpected error while loading: {error.Message}", error),
    };
}
