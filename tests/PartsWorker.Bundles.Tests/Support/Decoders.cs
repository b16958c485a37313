using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Both decoders, for theories. A machine without libvips fails these tests instead of testing less.</summary>
internal static class Decoders
{
    public static TheoryData<string> Both => [.. ImageDecoders.All];

    public static byte[] Decode(string decoder, byte[] file, DecodeLimits? limits = null)
    {
        using var image = DecodeImage(decoder, file, limits);
        return image.Pixels.ToArray();
    }

    public static DecodedImage DecodeImage(string decoder, byte[] file, DecodeLimits? limits = null)
    {
        var image = new DecodedImage();
        ImageDecoders.Create(decoder).Decode(file, new DecodeRequest(limits ?? new DecodeLimits()), image);
        return image;
    }

    /// <summary>Why an image is refused: the type and the message of the exception; null if it is decoded.</summary>
    public static string? Refusal(Action decode)
    {
        try
        {
            decode();
            return null;
        }
        catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }

    public static bool IsLibVips(string decoder) => string.Equals(decoder, ImageDecoders.LibVips, StringComparison.Ordinal);
}
