namespace PartsWorker.Client;

/// <summary>
/// A reference was not taken by the broker. The message is one line that names the imageId; publishing it again is always safe.
/// </summary>
/// <param name="imageId">The image.</param>
/// <param name="problem">One line: what is wrong and what to check.</param>
/// <param name="isPermanent">True when the reference itself is wrong.</param>
/// <param name="inner">What caused it.</param>
public sealed class PublishFailedException(Guid imageId, string problem, bool isPermanent = false, Exception? inner = null)
    : Exception($"image {imageId:D} was not published: {problem}", inner)
{
    /// <summary>The image that was not published.</summary>
    public Guid ImageId { get; } = imageId;

    /// <summary>True when the reference itself is wrong, so that trying again gives the same answer.</summary>
    public bool IsPermanent { get; } = isPermanent;
}
