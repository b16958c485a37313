using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Publishing;

/// <summary>
/// Checks that an image is complete. An upload that pauses looks like a finished file, and servers that reserve the space beforehand show
/// the final length from the start; the end of the format shows that the last block has arrived.
/// </summary>
internal static class EndOfImage
{
    private const int TailBytes = 4096, JpegTrailer = 512;
    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> PngEnd => "\0\0\0\0IEND"u8;

    /// <returns>
    /// Null when the image is complete, or its format has no end that could be checked; otherwise what is missing.
    /// </returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Missing(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[TailBytes];
        var length = RandomAccess.GetLength(file);
        var head = buffer[..Math.Max(0, RandomAccess.Read(file, buffer[..32], 0))];
        if (length == 0)
        {
            return "it is empty";
        }

        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8))
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L > length ? "it is shorter than its WebP header says" : null;
        }

        if (head.StartsWith("BM"u8) && head.Length >= 6)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(head[2..]) > length ? "it is shorter than its BMP header says" : null;
        }

        var (isJpeg, isPng) = (head.StartsWith(Jpeg), head.StartsWith(Png));
        var tail = buffer[..Math.Max(0, RandomAccess.Read(file, buffer, Math.Max(0, length - TailBytes)))];
        return isJpeg && !EndsWithin(tail.TrimEnd((byte)0), JpegEnd, JpegTrailer) ? "its end is missing (no JPEG end marker)"
            : isPng && !EndsWithin(tail, PngEnd, TailBytes) ? "its end is missing (no PNG end chunk)"
            : !isJpeg && !isPng && head.IndexOfAnyExcept((byte)0) < 0 ? "it begins with zeros"
            : null;
    }

    // Cameras append a few bytes of their own to a JPEG; a thumbnail near the beginning of a file that was cut off is further away.
    private static bool EndsWithin(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> end, int distance) =>
        tail[Math.Max(0, tail.Length - distance)..].IndexOf(end) >= 0;
}
