namespace PartsWorker.References;

/// <summary>
/// Reads the images of one or more URI schemes. Checks the reference before it touches a file or the network, and throws only
/// <see cref="Failures.PartFailureException"/> or, when the caller cancelled, <see cref="OperationCanceledException"/>.
/// </summary>
internal interface IImageSource
{
    /// <summary>The forms of reference that this source reads, such as <c>https://host/path</c>; the scheme precedes <c>://</c>.</summary>
    IReadOnlyList<string> Forms { get; }

    /// <returns>The whole encoded image; the caller disposes it.</returns>
    ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken);
}
