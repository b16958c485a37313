using static PartsWorker.Bundles.Preprocessing.TurboJpeg.TurboJpegNative;

namespace PartsWorker.Bundles.Preprocessing.TurboJpeg;

/// <summary>
/// Decodes JPEGs by libjpeg-turbo, where the system has it. libvips decodes them by a fork of it (mozjpeg) and gives the same pixels, but
/// takes 1.5 to 2.1 times as long for a JPEG of 640x480, because of its own objects and buffers.
/// </summary>
internal static class TurboJpegReader
{
    /// <summary>
    /// Decodes a sequential JPEG that gives no error and no warning. libvips decodes or refuses all others, so that acceptance and messages
    /// do not depend on this library.
    /// </summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="header">Its header, as our own code reads it.</param>
    /// <param name="shrink">1, 2, 4 or 8; 1 below 16 pixels, where several scales of libjpeg-turbo round to the same size.</param>
    /// <param name="into">Receives the pixels; its content is undefined when the file was not decoded.</param>
    /// <returns>Whether the file was decoded.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, ImageHeader header, int shrink, DecodedImage into)
    {
        var (width, height) = header.Size;
        if (header.Format != ImageFormat.Jpeg || header.WholeFrame || (shrink > 1 && Math.Max(width, height) < 16))
        {
            return false;
        }

        using var handle = tjInitDecompress();
        // The buffer holds the pixels of an earlier image: the library must fill all of it.
        if (handle.IsInvalid || ReadSize(handle, encoded) != header.Size)
        {
            return false;
        }

        // libjpeg-turbo rounds a shrunk side up and fills its last pixel from a part of one; libvips rounds down.
        into.Allocate(new((width + shrink - 1) / shrink, (height + shrink - 1) / shrink));
        var decoded = TurboJpegNative.TryDecode(handle, encoded, into.Size, into.Pixels);
        into.Crop(new(width / shrink, height / shrink));
        into.OriginalSize = header.Size;
        return decoded;
    }
}
