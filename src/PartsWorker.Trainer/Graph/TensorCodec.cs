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

    private static TensorProto Header(string name, ElementType type, int[] shape, ReadOnlySpan<byte> raw)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.AddRange(shape.Select(d => (long)d));
        return tensor;
    }
}
