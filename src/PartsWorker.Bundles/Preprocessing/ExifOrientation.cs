using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Reads the orientation from an EXIF block, which is a small TIFF file. Our own reader, so that both decoders turn an image the same way
/// and neither has to read the rest of the metadata.
/// </summary>
internal static class ExifOrientation
{
    private const int Upright = 1;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntryBytes = 12;

    /// <returns>1..8; 1 where the block has no valid orientation.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 10 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return Upright;
        }

        var little = tiff[0] == 'I';
        var directory = Read32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return Upright;
        }

        var entries = tiff[(int)directory..];
        var count = Read16(entries, little);
        for (int i = 0, at = 2; i < count && at + EntryBytes <= entries.Length; i++, at += EntryBytes)
        {
            var entry = entries.Slice(at, EntryBytes);
            if (Read16(entry, little) == OrientationTag && Read16(entry[2..], little) == ShortType)
            {
                return Read16(entry[8..], little) is var value and >= 1 and <= 8 ? value : Upright;
            }
        }

        return Upright;
    }

    private static int Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
