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
        // A decoder may throw anything on hostile bytes (ImageSharp issue 3071); whatever it is, the image could not be read.
        _ => new(FailureKind.UnreadableImage, Recovery.Permanent, error.Message, error),
    };
}
