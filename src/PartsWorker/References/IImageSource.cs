namespace PartsWorker.References;

/// <summary>
/// Reads the images of one or more URI schemes. Checks the reference before it touches a file or the network. Every library exception that
/// means "the image cannot be fetched" becomes a <see cref="Failures.PartFailureException"/>; cancellation by the caller stays an
/// <see cref="OperationCanceledException"/>. Any other exception is a fault of the worker.
/// </summary>
internal interface IImageSource
{
    /// <summary>The forms of reference that this source reads, such as <c>https://host/path</c>; the scheme precedes <c>://</c>.</summary>
    IReadOnlyList<string> Forms { get; }

    /// <returns>The whole encoded image; the caller disposes it.</returns>
    ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken);
}
