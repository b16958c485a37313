using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Google.Protobuf;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Graph;

/// <summary>Converts numbers to and from ONNX tensors. Writes raw little-endian data; reads raw and typed data.</summary>
internal static class TensorCodec
{
    public static TensorProto Encode(string name, float[] data, int[] shape) =>
        Header(name, ElementType.Float, shape, MemoryMarshal.AsBytes(data.AsSpan()));

    public static TensorProto Encode(string name, long[] data, int[] shape) =>
        Header(name, ElementType.Int64, shape, MemoryMarshal.AsBytes(data.AsSpan()));

    public static TensorProto EncodeHalf(string name, float[] data, int[] shape) =>
        Header(name, ElementType.Float16, shape, MemoryMarshal.AsBytes<Half>(Array.ConvertAll(data, v => (Half)v)));

    public static TensorProto Encode(string name, sbyte[] data, int[] shape) =>
        Header(name, ElementType.Int8, shape, MemoryMarshal.AsBytes(data.AsSpan()));

    public static TensorProto Encode(string name, byte[] data, int[] shape) => Header(name, ElementType.UInt8, shape, data);

    public static TensorProto Encode(string name, int[] data, int[] shape) =>
        Header(name, ElementType.Int32, shape, MemoryMarshal.AsBytes(data.AsSpan()));

    /// <summary>Symmetric quantization: value = integer (-127..127) x scale of its row.</summary>
    public static (sbyte[] Values, float[] Scales) Quantize(float[] data, int rows)
    {
        const float Largest = 127;
        var width = data.Length / rows;
        var values = new sbyte[data.Length];
        var scales = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var source = data.AsSpan(row * width, width);
            var most = TensorPrimitives.MaxMagnitude<float>(source);
            var scale = scales[row] = most == 0 ? 1 : Math.Abs(most) / Largest;
            for (var i = 0; i < width; i++)
            {
                values[(row * width) + i] = (sbyte)MathF.Round(source[i] / scale);
            }
        }

        return (values, scales);
    }

    /// <summary>The inverse of <see cref="Quantize"/>.</summary>
    public static float[] Dequantize(TensorProto values, float[] scales)
    {
        var width = values.RawData.Length / scales.Length;
        return [.. values.RawData.Select((value, i) => (sbyte)value * scales[i / width])];
    }

    /// <summary>The tensor as floats; supports float32 and float16, raw or typed.</summary>
    public static float[] DecodeFloats(TensorProto tensor)
    {
        var raw = tensor.RawData.Span;
        return (ElementType)tensor.DataType switch
        {
            ElementType.Float when raw.Length > 0 => MemoryMarshal.Cast<byte, float>(raw).ToArray(),
            ElementType.Float => [.. tensor.FloatData],
            ElementType.Float16 when raw.Length > 0 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(raw).ToArray(), v => (float)v),
            ElementType.Float16 => [.. tensor.Int32Data.Select(v => (float)BitConverter.UInt16BitsToHalf((ushort)v))],
            _ =>
                throw new InvalidDataException(
                    $"tensor '{tensor.Name}' has element type {tensor.DataType}; supported are float32 and float16"),
        };
    }

    /// <summary>The tensor as 64-bit integers, raw or typed.</summary>
    public static long[] DecodeLongs(TensorProto tensor) => tensor.RawData.Length > 0
        ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray()
        : [.. tensor.Int64Data];

    private static TensorProto Header(string name, ElementType type, int[] shape, ReadOnlySpan<byte> raw)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.AddRange(shape.Select(d => (long)d));
        return tensor;
    }
}
