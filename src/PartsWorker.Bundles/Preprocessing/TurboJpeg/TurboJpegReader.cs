using static PartsWorker.Bundles.Preprocessing.TurboJpeg.TurboJpegNative;

namespace PartsWorker.Bundles.Preprocessing.TurboJpeg;

/// <summary>
/// Decodes JPEGs by libjpeg-turbo itself, where the system has it. libvips decodes them by the same algorithms and gives the same pixels,
/// but takes 1.5 to 2.1 times as long for a JPEG of 640x480, because of its own objects and buffers.
/// </summary>
internal static class TurboJpegReader
{
    public static bool IsAvailable => TurboJpegNative.IsAvailable;

    /// <summary>
    /// Decodes a sequential JPEG without an error or a warning. libvips decides about all others, so that a file is refused or accepted
    /// in the same words with and without this library. Progressive files are among them, because libvips limits their scans.
    /// </summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="header">Its header, as our own code reads it.</param>
    /// <param name="shrink">1, 2, 4 or 8.</param>
    /// <param name="into">Receives the pixels; its content is undefined when the file was not decoded.</param>
    /// <returns>Whether the file was decoded.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, ImageHeader header, int shrink, DecodedImage into)
    {
        if (header.Format != ImageFormat.Jpeg || header.WholeFrame)
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
        var (width, height) = header.Size;
        into.Allocate(new((width + shrink - 1) / shrink, (height + shrink - 1) / shrink));
        var decoded = TurboJpegNative.TryDecode(handle, encoded, into.Size, into.Pixels);
        into.Crop(new(width / shrink, height / shrink));
        into.OriginalSize = header.Size;
        return decoded;
    }
}
