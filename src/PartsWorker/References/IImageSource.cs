namespace PartsWorker.References;

/// <summary>One way to read an image (file, http, s3). Checks the reference before anything is touched, and throws only PartFailureException or cancellation.</summary>
internal interface IImageSource
{
    ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken);
}
