namespace PartsWorker.Failures;

/// <summary>A part failed in a known way. The message is one line, names what failed and the remedy, and carries no secret.</summary>
internal sealed class PartFailureException(FailureKind kind, Recovery recovery, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public Recovery Recovery { get; } = recovery;
}
