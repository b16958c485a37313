using System.Buffers.Binary;
using System.IO.Hashing;

namespace PartsWorker.Faults.Mutation;

/// <summary>Damages encoded images the way disks, networks and attackers do.</summary>
internal sealed class ImageMutator(Random random)
{
    private const int HeaderBytes = 64;

    public byte[] Mutate(byte[] original)
    {
        var bytes = (byte[])original.Clone();
        switch (random.Next(12))
        {
            case 0 or 1:
                FlipBits(bytes, bytes.Length, random.Next(1, 65));
                break;
            case 2 or 3:
                FlipBits(bytes, Math.Min(HeaderBytes, bytes.Length), random.Next(1, 9));
                break;
            case 4 or 5:
                return bytes[..random.Next(bytes.Length + 1)];
            case 6:
                WriteSize(bytes);
                break;
            case 7:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                break;
            case 8:
                Zero(bytes);
                break;
            case 9:
                return Splice(bytes);
            case 10:
                "\x89PNG\r\n\x1a\n"u8[..Math.Min(8, bytes.Length)].CopyTo(bytes);
                break;
            default:
                return [.. bytes, .. bytes.AsSpan(random.Next(bytes.Length))];
        }

        return bytes;
    }

    private void FlipBits(byte[] bytes, int within, int count)
    {
        for (var i = 0; i < count && within > 0; i++)
        {
            bytes[random.Next(within)] ^= (byte)(1 << random.Next(8));
        }
    }

    private void Zero(byte[] bytes)
    {
        var start = random.Next(bytes.Length);
        bytes.AsSpan(start, random.Next(bytes.Length - start + 1)).Clear();
    }

    private byte[] Splice(byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var noise = new byte[random.Next(1, 200)];
        random.NextBytes(noise);
        return [.. bytes.AsSpan(0, at), .. noise, .. bytes.AsSpan(at)];
    }

    /// <summary>Writes another, mostly absurd, width and height into the header of the format.</summary>
    private void WriteSize(byte[] bytes)
    {
        var (width, height) = (Size(), Size());
        if (bytes is [0x89, ..] && bytes.Length > 33)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
            // With a correct checksum the decoder accepts the header and has to check the size itself.
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Crc32.HashToUInt32(bytes.AsSpan(12, 17)));
        }
        else if (bytes is [(byte)'B', (byte)'M', ..] && bytes.Length > 26)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), random.Next(2) == 0 ? height : -height);
        }
        else if (StartOfFrame(bytes) is var frame and >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), (ushort)height);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), (ushort)width);
        }
        else
        {
            FlipBits(bytes, Math.Min(HeaderBytes, bytes.Length), 4);
        }
    }

    private int Size() => random.Next(5) switch
    {
        0 => 0,
        1 => 65_500,
        2 => int.MaxValue,
        3 => random.Next(1, 12_000),
        _ => random.Next(1, 200),
    };

    private static int StartOfFrame(byte[] bytes)
    {
        for (var i = 2; i + 9 < bytes.Length; i++)
        {
            if (bytes[i] == 0xFF && bytes[i + 1] is 0xC0 or 0xC1 or 0xC2)
            {
                return i;
            }
        }

        return -1;
    }
}
