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
