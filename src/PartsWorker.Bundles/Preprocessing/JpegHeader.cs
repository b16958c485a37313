using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Walks the marker segments of a JPEG up to the first scan.</summary>
internal static class JpegHeader
{
    private const byte Fill = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;
    private const byte JpegLs = 0xF7;

    // A scan costs time for every block of the image, however few bytes it has. Progressive files of cameras and tools have about ten.
    private const int MaxScans = 100;

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        ImageHeader? frame = null;
        var (orientation, components) = (0, 0);
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

            RequireLength(marker);
            var segment = Segment(file[(at + 2)..]);
            if (marker == StartOfScan)
            {
                RequireEnd(file[at..]);
                var whole = IsPartial(segment, components);
                return frame is { } header
                    ? header with { Orientation = Math.Max(orientation, 1), WholeFrame = header.WholeFrame || whole }
                    : throw new UnreadableImageException("damaged JPEG: a scan before its frame");
            }

            RequireReadable(marker, segment);
            if (IsFrame(marker) && segment.Length >= 8)
            {
                (frame, components) = (ReadFrame(marker, segment), segment[7]);
            }

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

    // Decoders take a marker without a length as two bytes. Read as a segment, it would hide the headers that they find from our checks.
    private static void RequireLength(byte marker)
    {
        if (marker is < 0xC0 or (>= 0xD0 and <= EndOfImage))
        {
            throw new UnreadableImageException("damaged JPEG header");
        }
    }

    // Decoders keep the coefficients of the whole image until its last scan, unless the first one has all components.
    private static bool IsPartial(ReadOnlySpan<byte> scan, int components) => scan.Length < 3 || scan[2] < components;

    // What libjpeg-turbo reads and ImageSharp does not, or neither: a file must not depend on the decoder.
    private static void RequireReadable(byte marker, ReadOnlySpan<byte> segment)
    {
        var name = marker switch
        {
            JpegLs => "a JPEG-LS",
            0xC3 or 0xC7 or 0xCB or 0xCF => "a lossless JPEG",
            0xC5 or 0xC6 or 0xCD or 0xCE => "a hierarchical JPEG",
            _ when IsFrame(marker) && segment.Length >= 7 && segment[2] != 8 => $"a JPEG of {segment[2]} bits per sample",
            _ => null,
        };
        if (name is not null)
        {
            throw ForeignFormats.Refusal(name);
        }
    }

    // XMP shares the marker with EXIF; 0 where this segment is not EXIF.
    private static int ReadOrientation(ReadOnlySpan<byte> segment) =>
        segment[2..].StartsWith("Exif\0\0"u8) ? ExifOrientation.Read(segment[8..]) : 0;

    // A decoder may fill missing data with black and report nothing (ImageSharp does). A camera that overwrites a file in place, or a
    // server that appends to one, leaves the start of another image within the data of the first.
    private static void RequireEnd(ReadOnlySpan<byte> scans)
    {
        var (at, count) = (0, 0);
        while (scans[at..].IndexOf(Fill) is var next and >= 0 && at + next + 1 < scans.Length)
        {
            at += next;
            switch (scans[at + 1])
            {
                case EndOfImage:
                    return;
                case StartOfImage:
                    throw new UnreadableImageException("damaged JPEG: another image begins inside it");
                case Fill:
                    at++;
                    break;
                case StartOfScan when ++count > MaxScans:
                    throw new UnreadableImageException($"a JPEG of more than {MaxScans} scans");
                case var marker:
                    at += 2 + (HasSegment(marker) && at + 4 <= scans.Length ? Segment(scans[(at + 2)..]).Length : 0);
                    break;
            }
        }

        throw new UnreadableImageException("truncated JPEG: its end is missing");
    }

    // Between scans: tables, comments, and the header of the next scan.
    private static bool HasSegment(byte marker) => marker is 0xC4 or 0xCC or (>= 0xDA and <= 0xDD) or (>= 0xE0 and <= 0xEF) or 0xFE;

    // SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
