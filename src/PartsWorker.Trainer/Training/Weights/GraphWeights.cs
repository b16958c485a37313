using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>The weights in an ONNX graph, however a bundle stores them (see <see cref="Networks.WeightStorage"/>).</summary>
internal static class GraphWeights
{
    private const string Half = ".fp16";
    private const string Quantized = ".int8";
    private const string Scale = ".scale";

    public static Dictionary<string, NamedTensor> Read(GraphProto graph)
    {
        var stored = graph.Initializer
            .Where(t => t.DataLocation == TensorProto.Types.DataLocation.Default)
            .ToDictionary(t => t.Name, StringComparer.Ordinal);
        var tensors = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        foreach (var tensor in stored.Values.Where(t => !IsScale(t.Name, stored)))
        {
            if (tensor.DataType is (int)ElementType.Float or (int)ElementType.Float16)
            {
                tensors[tensor.Name.Replace(Half, string.Empty, StringComparison.Ordinal)] = Of(tensor, TensorCodec.DecodeFloats(tensor));
            }
            else if (tensor.DataType == (int)ElementType.Int8 && tensor.Name.EndsWith(Quantized, StringComparison.Ordinal))
            {
                var name = tensor.Name[..^Quantized.Length];
                tensors[name] = Of(tensor, TensorCodec.Dequantize(tensor, TensorCodec.DecodeFloats(stored[name + Scale])));
            }
        }

        return tensors;
    }

    private static bool IsScale(string name, Dictionary<string, TensorProto> stored) =>
        name.EndsWith(Scale, StringComparison.Ordinal) && stored.ContainsKey(name[..^Scale.Length] + Quantized);

    private static NamedTensor Of(TensorProto tensor, float[] values) => new([.. tensor.Dims.Select(d => (int)d)], values);
}
