namespace PartsWorker.Bundles.Preprocessing;

/// <summary>The bytes are not an image that this program reads, or are damaged. Retrying does not help.</summary>
public sealed class UnreadableImageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The image is larger than <see cref="DecodeLimits"/> allow; nothing of it was decoded.</summary>
public sealed class ImageTooLargeException(string message) : Exception(message);
