using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>Writes float32 tensors and strings as a safetensors file.</summary>
internal static class SafetensorsWriter
{
    // The data starts at a multiple of this, so that readers can memory-map the file.
    private const int Alignment = 8;

    public static void Write(Stream file, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<TensorSource> tensors)
    {
        var header = Header(metadata, tensors);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var tensor in tensors)
        {
            file.Write(MemoryMarshal.AsBytes(tensor.Read().AsSpan()));
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<TensorSource> tensors)
    {
        var entries = new Dictionary<string, object> { [SafetensorsFile.MetadataName] = metadata };
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            var end = offset + (sizeof(float) * tensor.Shape.Aggregate(1L, (product, d) => product * d));
            entries.Add(tensor.Name, new Entry("F32", tensor.Shape, [offset, end]));
            offset = end;
        }

        var header = JsonSerializer.SerializeToUtf8Bytes(entries, JsonSerializerOptions.Default);
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        return [.. header, .. Enumerable.Repeat((byte)' ', padded - header.Length)];
    }

    // The format defines these names.
    private sealed record Entry(
        [property: JsonPropertyName("dtype")] string Type,
        [property: JsonPropertyName("shape")] int[] Shape,
        [property: JsonPropertyName("data_offsets")] long[] Offsets);
}
