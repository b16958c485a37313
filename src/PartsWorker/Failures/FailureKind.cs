namespace PartsWorker.Failures;

/// <summary>Why a part could not be classified; the name is written to the dead letter and to metrics.</summary>
internal enum FailureKind
{
    BadMessage,
    ForbiddenReference,
    MissingImage,

    /// <summary>The decoder rejected the bytes, or they do not match the published checksum.</summary>
    UnreadableImage,
    TooLarge,
    ModelFailure,
    StoreFailure,

    /// <summary>A fault of the worker itself, never held against the image: the part is retried, then dead-lettered.</summary>
    InternalError,
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
        FailureKind.InternalError => "internal-error",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
