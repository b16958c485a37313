namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Encoded bytes in, RGB24 out. Two implementations: ImageSharp and libvips. Thread-safe.</summary>
public interface IImageDecoder
{
    string Name { get; }

    /// <summary>Decodes JPEG, PNG, WebP, BMP, TIFF or PNM with EXIF orientation applied.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="request">Limits, and how far a JPEG may be decoded at a fraction of its size.</param>
    /// <param name="into">Receives the pixels; its content is undefined after an exception.</param>
    /// <exception cref="UnreadableImageException">Not an image, an unsupported one, or a damaged or truncated one.</exception>
    /// <exception cref="ImageTooLargeException">Beyond the limits.</exception>
    void Decode(ReadOnlySpan<byte> encoded, DecodeRequest request, DecodedImage into);
}
