using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Client;
using PartsWorker.Failures;

namespace PartsWorker.Pipeline;

/// <summary>Names the failure behind an exception of the load stage. The rooms throw their own types; here they meet.</summary>
internal static class LoadFailures
{
    public static PartFailureException Classify(Exception error) => error switch
    {
        PartFailureException known => known,
        BadMessageException => new(FailureKind.BadMessage, Recovery.Permanent, error.Message, error),
        ImageTooLargeException => new(FailureKind.TooLarge, Recovery.Permanent, error.Message, error),
        UnreadableImageException => new(FailureKind.UnreadableImage, Recovery.Permanent, error.Message, error),

        // Whatever the decoder throws arrives under one of the names above; anything else is our own fault, not the image's.
        _ => new(FailureKind.InternalError, Recovery.Transient, $"unexpected error while loading: {error.Message}", error),
    };
}
