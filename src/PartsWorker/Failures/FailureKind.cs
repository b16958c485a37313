namespace PartsWorker.Failures;

/// <summary>Why a part could not be judged; the name is written to the dead letter and to metrics.</summary>
internal enum FailureKind
{
    BadMessage,
    ForbiddenReference,
    MissingImage,
    UnreadableImage,
    TooLarge,
    ModelFailure,
    StoreFailure,
}

internal static class FailureKindNames
{
    /// <summary>As written to headers, metrics and SQL: <c>missing-image</c>.</summary>
    public static string ToHeader(this FailureKind kind) => kind switch
    {
        FailureKind.BadMessage => "bad-message",
        FailureKind.ForbiddenReference => "forbidden-reference",
        FailureKind.MissingImage => "missing-image",
        FailureKind.UnreadableImage => "unreadable-image",
        FailureKind.TooLarge => "too-large",
        FailureKind.ModelFailure => "model-failure",
        FailureKind.StoreFailure => "store-failure",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
