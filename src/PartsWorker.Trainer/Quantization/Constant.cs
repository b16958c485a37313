using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>A constant tensor of a graph, however the graph stores it.</summary>
/// <param name="Name">Name of the initializer without the suffix of its storage.</param>
/// <param name="Dims">Shape.</param>
/// <param name="Values">Values, row by row.</param>
internal sealed record Constant(string Name, long[] Dims, float[] Values)
{
    private static readonly string[] Suffixes = [".int8", ".fp16", ".weight"];

    /// <summary>The stored integers of 8-bit weights, or null.</summary>
    public sbyte[]? Codes { get; init; }

    /// <summary>The scale of each row of <see cref="Codes"/>, or null before they are scaled.</summary>
    public float[]? Scales { get; init; }

    /// <summary>Name of the layer that the weight belongs to.</summary>
    public string Layer => Suffixes.Aggregate(
        Name, (name, suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);

    /// <returns>Null for integers that are no weights, such as shapes.</returns>
    public static Constant? Of(TensorProto tensor) => (ElementType)tensor.DataType switch
    {
        ElementType.Float or ElementType.Float16 => new(tensor.Name, [.. tensor.Dims], TensorCodec.DecodeFloats(tensor)),
        ElementType.Int8 => OfCodes(tensor, [.. tensor.RawData.Select(b => (sbyte)b)]),
        _ => null,
    };

    /// <summary>The 8-bit weights times the scale of their row.</summary>
    public Constant Scaled(Constant scales)
    {
        var width = Values.Length / scales.Values.Length;
        return this with { Values = [.. Codes!.Select((code, i) => code * scales.Values[i / width])], Scales = scales.Values };
    }

    private static Constant OfCodes(TensorProto tensor, sbyte[] codes) =>
        new(tensor.Name, [.. tensor.Dims], Array.ConvertAll(codes, c => (float)c)) { Codes = codes };
}
