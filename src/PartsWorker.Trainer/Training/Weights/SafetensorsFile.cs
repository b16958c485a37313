using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// A safetensors file: eight bytes with the length of the header, a JSON header (type, shape and offsets of each tensor, and strings in
/// <c>__metadata__</c>), then the little-endian data.
/// </summary>
internal sealed record SafetensorsFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, NamedTensor> Tensors)
{
    internal const string MetadataName = "__metadata__";
    private const int LengthBytes = 8;

    /// <param name="path">The file.</param>
    /// <param name="wanted">Selects the tensors to read; null = all.</param>
    /// <exception cref="UserErrorException">The file is not a safetensors file, is damaged, or contains an unsupported
    /// type.</exception>
    public static SafetensorsFile Read(string path, Func<string, bool>? wanted = null)
    {
        using var file = File.OpenRead(path);
        try
        {
            using var header = ReadHeader(file, out var start);
            var entries = header.RootElement.EnumerateObject().ToArray();
            var metadata = entries.Where(e => e.Name == MetadataName).SelectMany(e => e.Value.EnumerateObject());
            return new SafetensorsFile(
                metadata.ToDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal),
                entries.Where(e => e.Name != MetadataName && wanted?.Invoke(e.Name) is null or true)
                    .ToDictionary(e => e.Name, e => ReadTensor(file, start, e), StringComparer.Ordinal));
        }
        catch (Exception error) when (
            error is JsonException or InvalidOperationException or KeyNotFoundException or EndOfStreamException or FormatException)
        {
            throw new UserErrorException($"{path}: not a safetensors file, or damaged: {error.Message}", 1, error);
        }
    }

    private static JsonDocument ReadHeader(FileStream file, out long start)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length <= 0 || length > Math.Min(file.Length - LengthBytes, Array.MaxLength))
        {
            throw new FormatException("the header length exceeds the file");
        }

        start = LengthBytes + length;
        var header = new byte[length];
        file.ReadExactly(header);
        return JsonDocument.Parse(header);
    }

    private static NamedTensor ReadTensor(FileStream file, long start, JsonProperty entry)
    {
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
        var offsets = entry.Value.GetProperty("data_offsets");
        var (from, to) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var type = entry.Value.GetProperty("dtype").GetString()!;
        var count = shape.Aggregate(1L, (product, d) => product * d);
        if (type is "I64" or "I32")
        {
            // Not weights: batch counters, for example.
            return new NamedTensor(shape, new float[count]);
        }

        if (to - from != count * BytesOf(type, file.Name, entry.Name) || from < 0 || start + to > file.Length)
        {
            throw new FormatException($"the offsets of tensor '{entry.Name}' do not match its shape or exceed the file");
        }

        file.Position = start + from;
        return new NamedTensor(shape, ReadFloats(file, (int)count, type));
    }

    private static int BytesOf(string type, string path, string name) => type switch
    {
        "F32" => 4,
        "F16" or "BF16" => 2,
        _ => throw new UserErrorException($"{path}: tensor '{name}' has type {type}; supported are F32, F16 and BF16"),
    };

    private static float[] ReadFloats(FileStream file, int count, string type) => type switch
    {
        "F32" => ReadNumbers<float>(file, count),
        "F16" => Array.ConvertAll(ReadNumbers<Half>(file, count), v => (float)v),
        _ => Array.ConvertAll(ReadNumbers<ushort>(file, count), v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
    };

    private static T[] ReadNumbers<T>(FileStream file, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        file.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }
}
