using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Publishing;

/// <summary>
/// Checks that an image is complete. An upload that pauses looks like a finished file, and servers that reserve the space beforehand show
/// the final length from the start; the end of the format shows that the last block has arrived.
/// </summary>
internal static partial class EndOfImage
{
    private const int TailBytes = 4096, JpegTrailer = 512;
    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> JpegEnd => [0xFF, 0xD9];

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> PngEnd => "\0\0\0\0IEND"u8;

    /// <summary>Whether the file begins like an image that the worker reads.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool BeginsLikeImage(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[12];
        var head = buffer[..Math.Max(0, RandomAccess.Read(file, buffer, 0))];
        return head.StartsWith(Jpeg) || head.StartsWith(Png) || head.StartsWith("BM"u8) || head.StartsWith("BA"u8)
            || (head.StartsWith("RIFF"u8) && head.EndsWith("WEBP"u8))
            || head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8)
            || (head.Length > 2 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'6' && char.IsWhiteSpace((char)head[2]));
    }

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

        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
        {
            return IsBeyond(Directory(head), length) ? "its directory is missing (TIFF)" : null;
        }

        if (ShortestPnm(head) > length)
        {
            return "it is shorter than its PNM header says";
        }

        var (isJpeg, isPng) = (head.StartsWith(Jpeg), head.StartsWith(Png));
        var tail = buffer[..Math.Max(0, RandomAccess.Read(file, buffer, Math.Max(0, length - TailBytes)))];
        return isJpeg && !EndsWithin(tail.TrimEnd((byte)0), JpegEnd, JpegTrailer) ? "its end is missing (no JPEG end marker)"
            : isPng && !EndsWithin(tail, PngEnd, TailBytes) ? "its end is missing (no PNG end chunk)"
            : !isJpeg && !isPng && head.IndexOfAnyExcept((byte)0) < 0 ? "it begins with zeros"
            : null;
    }

    // Writers fill in the place of the directory last, and until then it is 0.
    private static uint Directory(ReadOnlySpan<byte> head) =>
        head.Length < 8 ? 0
        : head[0] == 'I' ? BinaryPrimitives.ReadUInt32LittleEndian(head[4..])
        : BinaryPrimitives.ReadUInt32BigEndian(head[4..]);

    private static bool IsBeyond(uint directory, long length) => directory < 8 || directory + 2L > length;

    /// <returns>The least length of a binary PGM or PPM; 0 for other files, and for a header that is longer than what was read.</returns>
    private static long ShortestPnm(ReadOnlySpan<byte> head)
    {
        var fields = PnmHeader().Match(Encoding.Latin1.GetString(head));
        if (!fields.Success)
        {
            return 0;
        }

        long Field(string name) => long.Parse(fields.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        var sampleBytes = Field("largest") > byte.MaxValue ? 2 : 1;
        return fields.Length + (Field("width") * Field("height") * (Field("kind") == 6 ? 3 : 1) * sampleBytes);
    }

    [GeneratedRegex(
        @"^P(?<kind>[56])\s+(?<width>\d{1,6})\s+(?<height>\d{1,6})\s+(?<largest>\d{1,5})\s",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex PnmHeader();

    // Cameras append a few bytes of their own to a JPEG; a thumbnail near the beginning of a file that was cut off is further away.
    private static bool EndsWithin(ReadOnlySpan<byte> tail, ReadOnlySpan<byte> end, int distance) =>
        tail[Math.Max(0, tail.Length - distance)..].IndexOf(end) >= 0;
}
