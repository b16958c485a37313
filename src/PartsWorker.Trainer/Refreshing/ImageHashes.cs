using System.Collections.Concurrent;
using System.Security.Cryptography;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>SHA-256 of image files in hexadecimal digits; each file is read once.</summary>
internal sealed class ImageHashes
{
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Of(string path) => _known.GetOrAdd(path, Read);

    /// <summary>The hashes of all images, read on all cores.</summary>
    public HashSet<string> Of(IReadOnlyCollection<LabeledImage> images)
    {
        Parallel.ForEach(images, image => Of(image.Path));
        return [.. images.Select(image => Of(image.Path))];
    }

    private static string Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Decoding reports this image; here it only differs from every readable one.
            return path;
        }
    }
}
