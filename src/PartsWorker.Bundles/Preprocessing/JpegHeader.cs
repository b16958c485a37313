using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Walks the marker segments of a JPEG up to the first scan.</summary>
internal static class JpegHeader
{
    private const byte Fill = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        ImageHeader? frame = null;
        var orientation = 0;
        var at = 2;
        while (at + 4 <= file.Length)
        {
            if (file[at] != Fill)
            {
                throw new UnreadableImageException("damaged JPEG header");
            }

            var marker = file[at + 1];
            if (marker == Fill)
            {
                at++;
                continue;
            }

            if (marker == StartOfScan)
            {
                RequireEnd(file[at..]);
                return frame is { } header
                    ? header with { Orientation = Math.Max(orientation, 1) }
                    : throw new UnreadableImageException("damaged JPEG: a scan before its frame");
            }

            var segment = Segment(file[(at + 2)..]);
            frame = IsFrame(marker) && segment.Length >= 7 ? ReadFrame(marker, segment) : frame;
            orientation = marker == App1 && orientation == 0 ? ReadOrientation(segment) : orientation;
            at += 2 + segment.Length;
        }

        throw new UnreadableImageException("truncated JPEG header");
    }

    /// <summary>One segment with its two bytes of length, cut at the end of the file.</summary>
    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> rest) =>
        rest[..Math.Min(Math.Max((int)BinaryPrimitives.ReadUInt16BigEndian(rest), 2), rest.Length)];

    private static ImageHeader ReadFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[5..]);
        return new ImageHeader(ImageFormat.Jpeg, new ImageSize(width, height), WholeFrame: (marker & 3) == 2);
    }

    // XMP shares the marker with EXIF; 0 where this segment is not EXIF.
    private static int ReadOrientation(ReadOnlySpan<byte> segment) =>
        segment[2..].StartsWith("Exif\0\0"u8) ? ExifOrientation.Read(segment[8..]) : 0;

    // A decoder may fill missing data with black and report nothing (ImageSharp does). Entropy-coded data cannot contain FF D9, so the
    // end marker is there if and only if the last scan was written to its end.
    private static void RequireEnd(ReadOnlySpan<byte> scans)
    {
        if (scans.LastIndexOf([(byte)0xFF, (byte)0xD9]) < 0)
        {
            throw new UnreadableImageException("truncated JPEG: its end is missing");
        }
    }

    // SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
