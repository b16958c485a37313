namespace PartsWorker.IntegrationTests.Observability;

/// <summary>Walks protobuf by field numbers: enough to look into OTLP without generating code for all of it.</summary>
internal static class ProtoWalk
{
    /// <summary>All length-delimited values at the end of a path of field numbers.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Find(ReadOnlyMemory<byte> message, params int[] path)
    {
        var values = Fields(message).Where(f => f.Number == path[0]).Select(f => f.Value);
        return path.Length == 1 ? values : values.SelectMany(value => Find(value, path[1..]));
    }

    private static List<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ReadOnlyMemory<byte>)>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var length = (
                key & 7) switch { 0 => 0, 1 => 8, 2 => (int)Varint(message.Span, ref at), 5 => 4, _ => throw new InvalidDataException() };
            if ((key & 7) == 0)
            {
                Varint(message.Span, ref at);
            }
            else if ((key & 7) == 2)
            {
                fields.Add(((int)(key >> 3), message.Slice(at, length)));
            }

            at += length;
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
