using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Walks the marker segments of a JPEG up to the first scan.</summary>
internal static class JpegHeader
{
    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        ImageHeader? frame = null;
        var at = 2;
        while (at + 4 <= file.Length)
        {
            var marker = file[at + 1];
            if (file[at] != 0xFF)
            {
                throw new UnreadableImageException("damaged JPEG header");
            }

            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker == 0xDA)
            {
                RequireEnd(file[at..]);
                return frame ?? throw new UnreadableImageException("damaged JPEG: a scan before its frame");
            }

            if (IsFrame(marker) && at + 9 <= file.Length)
            {
                frame = ReadFrame(marker, file[at..]);
            }

            at += 2 + Math.Max((int)length, 2);
        }

        throw new UnreadableImageException("truncated JPEG header");
    }

    private static ImageHeader ReadFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[5..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[7..]);
        return new ImageHeader(ImageFormat.Jpeg, new ImageSize(width, height), WholeFrame: (marker & 3) == 2);
    }

    // A decoder may fill what is missing with black and say nothing (ImageSharp does). Entropy-coded data cannot contain FF D9, so the
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
