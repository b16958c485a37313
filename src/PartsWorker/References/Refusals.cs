using PartsWorker.Failures;

namespace PartsWorker.References;

/// <summary>Failures of a fetch; every message names the reference in its safe form.</summary>
internal static class Refusals
{
    public static PartFailureException Forbidden(string reference, string reason) =>
        new(FailureKind.ForbiddenReference, Recovery.Permanent, $"{SafeUri.Of(reference)}: {reason}");

    public static PartFailureException Missing(
        string reference, string reason, Recovery recovery = Recovery.Transient, Exception? inner = null) =>
        new(FailureKind.MissingImage, recovery, $"{SafeUri.Of(reference)}: {reason}", inner);

    public static PartFailureException Unreadable(string reference, string reason, Recovery recovery = Recovery.Permanent) =>
        new(FailureKind.UnreadableImage, recovery, $"{SafeUri.Of(reference)}: {reason}");

    public static PartFailureException TooLarge(string reference, int maxBytes) =>
        new(FailureKind.TooLarge, Recovery.Permanent, $"{SafeUri.Of(reference)}: larger than Images:MaxBytes = {maxBytes}");
}
