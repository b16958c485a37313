using PartsWorker.Failures;

namespace PartsWorker.DeadLetters;

/// <summary>Selects dead letters; null means any.</summary>
internal sealed record DeadLetterFilter(
    string? Reason = null, string? Line = null, string? Camera = null, DateTimeOffset? Since = null, Guid? ImageId = null)
{
    // The last five are the broker's own, and that of a message that neither a worker nor the broker put there.
    private static readonly string[] Reasons =
        [.. Enum.GetValues<FailureKind>().Select(kind => kind.ToHeader()), "delivery-limit", "maxlen", "expired", "rejected", "unknown"];

    /// <summary>All reasons there are, for help and messages.</summary>
    public static string KnownReasons => string.Join(", ", Reasons);

    /// <exception cref="UserErrorException">No dead letter has this reason.</exception>
    public static string? CheckReason(string? reason) => reason is null || Reasons.Contains(reason, StringComparer.Ordinal)
        ? reason
        : throw new UserErrorException($"--reason '{reason}' is not a reason; the reasons are {KnownReasons}");

    public bool Matches(DeadLetter letter) =>
        (Reason is null || Reason == letter.Reason)
        && (Line is null || Line == letter.Line)
        && (Camera is null || Camera == letter.Camera)
        && (Since is null || letter.FirstSeen >= Since)
        && (ImageId is null || ImageId == letter.ImageId);
}
