namespace PartsWorker.Benching;

/// <summary>Writes Huffman codes bit by bit, with the zero byte that JPEG wants behind each 0xFF.</summary>
internal sealed class HuffmanWriter(Stream to)
{
    private uint _bits;
    private int _count;

    /// <summary>Codes and lengths by symbol, from a table as it stands in the file.</summary>
    public static (ushort Code, byte Length)[] Codes(ReadOnlySpan<byte> table)
    {
        var codes = new (ushort, byte)[256];
        var (code, at) = (0, 16);
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var i = 0; i < table[length - 1]; i++)
            {
                codes[table[at++]] = ((ushort)code++, (byte)length);
            }
        }

        return codes;
    }

    public void Write(int value, int length)
    {
        for (var i = length - 1; i >= 0; i--)
        {
            _bits = (_bits << 1) | (uint)((value >> i) & 1);
            if (++_count == 8)
            {
                Emit();
            }
        }
    }

    public void Write((ushort Code, byte Length) code) => Write(code.Code, code.Length);

    /// <summary>The number in as many bits as its size class has; negative ones in JPEG's ones' complement.</summary>
    public void WriteNumber(int value, int size) => Write(value < 0 ? value + (1 << size) - 1 : value, size);

    public void Flush()
    {
        while (_count > 0)
        {
            Write(1, 1);
        }
    }

    private void Emit()
    {
        to.WriteByte((byte)_bits);
        if ((byte)_bits == 0xFF)
        {
            to.WriteByte(0);
        }

        (_bits, _count) = (0, 0);
    }
}
