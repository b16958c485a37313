using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// PBM, PGM and PPM, as text (P1..P3) and binary (P4..P6), up to 16 bits; of several images in a file the first. The largest value that
/// the header declares becomes white; a header that declares 65535 declares nothing, and <see cref="SixteenBitRule"/> decides.
/// </summary>
internal static class PnmReader
{
    private const int MostDigits = 9;

    public static bool IsPnm(ReadOnlySpan<byte> file) =>
        file.Length >= 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && (IsSpace(file[2]) || file[2] == '#');

    public static ImageHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        var layout = Layout.Read(file);
        return new ImageHeader(ImageFormat.Pnm, new ImageSize(layout.Width, layout.Height), WholeFrame: false);
    }

    public static void Decode(ReadOnlySpan<byte> file, DecodeRequest request, DecodedImage into)
    {
        var layout = Layout.Read(file);
        var size = new ImageSize(layout.Width, layout.Height);
        if (layout.ShortestData(size) > file.Length - layout.DataAt)
        {
            throw new UnreadableImageException($"truncated Pnm of {size}: its end is missing");
        }

        into.Allocate(size);
        var samples = new ushort[size.Width * layout.Bands];
        var rule = layout.Largest == ushort.MaxValue ? request.SixteenBit : SixteenBitRule.Parse(SixteenBitRule.Full);
        var rows = new DeepSamples(rule, into);
        var at = layout.DataAt;
        for (var y = 0; y < size.Height; y++)
        {
            ReadRow(file, layout, ref at, samples);
            if (layout.Largest > byte.MaxValue)
            {
                rows.Write(samples, layout.Bands, layout.Bands, into.Row(y));
            }
            else
            {
                CopyBytes(samples, layout.Bands, into.Row(y));
            }
        }

        rows.Finish();
    }

    // Samples come out scaled: to 0..255 where the header declares 255 or less, else to 0..65535.
    private static void ReadRow(ReadOnlySpan<byte> file, in Layout layout, ref int at, Span<ushort> samples)
    {
        var white = layout.Largest > byte.MaxValue ? ushort.MaxValue : byte.MaxValue;
        for (var i = 0; i < samples.Length; i++)
        {
            var value = layout switch
            {
                { IsText: true, IsBitmap: true } => NextBit(file, ref at),
                { IsText: true } => NextNumber(file, ref at),
                { IsBitmap: true } => (file[at + (i / 8)] >> (7 - (i % 8))) & 1,
                { Largest: > byte.MaxValue } => BinaryPrimitives.ReadUInt16BigEndian(file[(at + (i * 2))..]),
                _ => file[at + i],
            };
            value = layout.IsBitmap ? 1 - value : value;
            samples[i] = value <= layout.Largest
                ? (ushort)(((value * (long)white) + (white == byte.MaxValue ? layout.Largest / 2 : 0)) / layout.Largest)
                : throw new UnreadableImageException($"damaged Pnm: the sample {value} exceeds {layout.Largest}, its largest");
        }

        at += layout.IsText ? 0 : layout.RowBytes;
    }

    private static void CopyBytes(ReadOnlySpan<ushort> samples, int bands, Span<byte> rgb)
    {
        for (var x = 0; x < rgb.Length; x++)
        {
            rgb[x] = (byte)samples[bands == 1 ? x / 3 : x];
        }
    }

    // A bitmap as text needs no space between its digits.
    private static int NextBit(ReadOnlySpan<byte> file, ref int at)
    {
        SkipSpace(file, ref at);
        var digit = at < file.Length ? file[at++] - '0' : -1;
        return digit is 0 or 1 ? digit : throw new UnreadableImageException("truncated or damaged Pnm: not a bit");
    }

    private static int NextNumber(ReadOnlySpan<byte> file, ref int at)
    {
        SkipSpace(file, ref at);
        var (value, digits) = (0, 0);
        while (at < file.Length && file[at] is >= (byte)'0' and <= (byte)'9' && digits++ < MostDigits)
        {
            value = (value * 10) + file[at++] - '0';
        }

        return digits is > 0 and <= MostDigits ? value : throw new UnreadableImageException("truncated or damaged Pnm: not a number");
    }

    private static void SkipSpace(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && (IsSpace(file[at]) || file[at] == '#'))
        {
            var comment = file[at] == '#' ? file[at..].IndexOfAny((byte)'\n', (byte)'\r') : 0;
            at = comment < 0 ? file.Length : at + comment + 1;
        }
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Layout(int Kind, int Width, int Height, int Largest, int DataAt)
    {
        public bool IsText => Kind <= 3;

        public bool IsBitmap => Kind is 1 or 4;

        public int Bands => Kind is 3 or 6 ? 3 : 1;

        public int RowBytes => IsBitmap ? (Width + 7) / 8 : Width * Bands * (Largest > byte.MaxValue ? 2 : 1);

        /// <summary>The fewest bytes that hold the pixels; as text each sample has one digit, and a space except in a bitmap.</summary>
        public long ShortestData(ImageSize size) =>
            !IsText ? (long)RowBytes * size.Height : IsBitmap ? size.Pixels : (size.Pixels * Bands * 2) - 1;

        public static Layout Read(ReadOnlySpan<byte> file)
        {
            var (kind, at) = (file[1] - '0', 2);
            var (width, height) = (NextNumber(file, ref at), NextNumber(file, ref at));
            var largest = kind is 1 or 4 ? 1 : NextNumber(file, ref at);
            if (largest is < 1 or > ushort.MaxValue)
            {
                throw new UnreadableImageException($"damaged Pnm header: largest value {largest}");
            }

            // One space ends the header; in a text file the samples skip it.
            return new Layout(kind, width, height, largest, Math.Min(at + 1, file.Length));
        }
    }
}
