using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace PartsWorker.Client;

/// <summary>
/// One record on disk: mark (4 bytes), payload length (4, little endian), CRC-32C over length and payload (4), payload = lane (1) + JSON.
/// The mark lets a reader find the next valid record after a damaged one.
/// </summary>
internal static class SpoolFormat
{
    public const int HeaderBytes = 12;
    public const int MaxRecord = HeaderBytes + 1 + PlainJson.MaxBytes;

    // Every format must be able to carry what the spool holds, and a CloudEvent adds its context to the plain object.
    private const int MaxBody = PlainJson.MaxBytes - 1024;
    private const uint Mark = 0xA1535057;

    public enum Finding
    {
        Record,

        /// <summary>The bytes end before the record does.</summary>
        Incomplete,

        Damaged,
    }

    /// <exception cref="BadMessageException">The reference breaks the contract.</exception>
    public static byte[] Write(ImageReference reference, Lane lane)
    {
        var json = ImageReferenceCodec.Encode(reference);
        PlainJson.RequireSize(json.Length, MaxBody);
        return Frame(json, lane);
    }

    public static byte[] Frame(byte[] json, Lane lane)
    {
        var record = new byte[HeaderBytes + 1 + json.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), json.Length + 1);
        record[HeaderBytes] = (byte)lane;
        json.CopyTo(record, HeaderBytes + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Checksum(record));
        return record;
    }

    public static Finding Inspect(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderBytes)
        {
            return Finding.Incomplete;
        }

        var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark || payload is < 2 or > MaxRecord - HeaderBytes)
        {
            return Finding.Damaged;
        }

        length = HeaderBytes + payload;
        return bytes.Length < length ? Finding.Incomplete
            : Checksum(bytes[..length]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) ? Finding.Record
            : Finding.Damaged;
    }

    /// <returns>Null when a whole record holds no valid reference: an older version checked less before it wrote.</returns>
    public static (ImageReference Reference, Lane Lane)? TryRead(ReadOnlyMemory<byte> record)
    {
        try
        {
            using var document = JsonDocument.Parse(record[(HeaderBytes + 1)..]);
            return (PlainJson.Read(document.RootElement), (Lane)record.Span[HeaderBytes]);
        }
        catch (Exception error) when (error is BadMessageException or JsonException)
        {
            return null;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> record)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(record[4..]));
        var rest = record[HeaderBytes..];
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        foreach (var b in rest)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
