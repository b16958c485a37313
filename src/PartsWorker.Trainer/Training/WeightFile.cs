using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training;

/// <summary>Tensors from a file of weights, as they stand there.</summary>
internal sealed record NamedTensor(int[] Shape, float[] Data);

/// <summary>
/// Reads starting weights: a bundle folder, <c>.onnx</c>, <c>.safetensors</c> or a checkpoint of this trainer; names as torchvision,
/// timm and the common face networks write them.
/// </summary>
internal static class WeightFile
{
    private static readonly string[] Prefixes = ["module.", "model.", "backbone.", "_orig_mod."];

    /// <summary>The tensors that fit the network, by our names; a tensor of the right name and the wrong shape is an error that names it.</summary>
    public static Dictionary<string, float[]> Fit(string path, IReadOnlyList<ParameterSpec> parameters, IReadOnlyList<StatisticSpec> statistics)
    {
        var given = Rename(Read(path));
        var wanted = parameters.ToDictionary(p => p.Name, p => p.Shape);
        foreach (var s in statistics)
        {
            wanted[s.MeanName] = wanted[s.VarianceName] = [s.Channels];
        }

        var fitting = new Dictionary<string, float[]>();
        foreach (var (name, shape) in wanted)
        {
            if (given.TryGetValue(name, out var tensor))
            {
                fitting[name] = tensor.Shape.SequenceEqual(shape)
                    ? tensor.Data
                    : throw new UserErrorException($"{path}: tensor '{name}' is {Shapes.Text(tensor.Shape)}, this network needs {Shapes.Text(shape)}");
            }
        }

        return fitting.Count > 0 ? fitting : throw new UserErrorException($"{path}: none of its {given.Count} tensors has a name of this network");
    }

    public static Dictionary<string, NamedTensor> Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "stage1.onnx") : path;
        if (!File.Exists(file))
        {
            throw new UserErrorException($"{file}: no such file of weights");
        }

        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".onnx" => ReadOnnx(file),
            ".safetensors" => ReadSafetensors(file),
            ".ckpt" => ReadCheckpoint(file),
            var other => throw new UserErrorException($"{file}: weights are read from .onnx, .safetensors, .ckpt or a bundle folder, not from '{other}'"),
        };
    }

    private static Dictionary<string, NamedTensor> ReadOnnx(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Initializer
        .Where(t => t.DataType is (int)ElementType.Float or (int)ElementType.Float16 && t.DataLocation == TensorProto.Types.DataLocation.Default)
        .ToDictionary(t => t.Name.Replace(".fp16", string.Empty, StringComparison.Ordinal), t => new NamedTensor([.. t.Dims.Select(d => (int)d)], TensorCodec.DecodeFloats(t)));

    private static Dictionary<string, NamedTensor> ReadCheckpoint(string path)
    {
        var stage = TrainedStage.Load(path);
        var graph = TrainingGraph.Build(stage.Network, Checkpoint.Load(path).Options.Loss, 2, new Lowering.ConvolutionPlan());
        var shapes = graph.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        return stage.Tensors.ToDictionary(t => t.Key, t => new NamedTensor(shapes.GetValueOrDefault(t.Key, [t.Value.Length]), t.Value));
    }

    private static Dictionary<string, NamedTensor> ReadSafetensors(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length >= 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;
        if (length <= 0 || length > bytes.Length - 8)
        {
            throw new UserErrorException($"{path}: not a safetensors file");
        }

        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        return header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__").ToDictionary(t => t.Name, t =>
        {
            int[] shape = [.. t.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
            var (from, to) = (t.Value.GetProperty("data_offsets")[0].GetInt32(), t.Value.GetProperty("data_offsets")[1].GetInt32());
            return new NamedTensor(shape, Floats(t.Value.GetProperty("dtype").GetString()!, bytes.AsSpan(8 + (int)length + from, to - from), t.Name));
        });
    }

    private static float[] Floats(string type, ReadOnlySpan<byte> data, string name) => type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
        "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(data).ToArray(), v => (float)v),
        "BF16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(data).ToArray(), v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
        // Counters of batches and the like are no weights.
        "I64" or "I32" => new float[1],
        _ => throw new UserErrorException($"tensor '{name}' has type {type}; F32, F16 and BF16 can be read"),
    };

    private static Dictionary<string, NamedTensor> Rename(Dictionary<string, NamedTensor> tensors)
    {
        var renamed = new Dictionary<string, NamedTensor>();
        foreach (var (name, tensor) in tensors)
        {
            var bare = Prefixes.Aggregate(name, (n, p) => n.StartsWith(p, StringComparison.Ordinal) ? n[p.Length..] : n);
            renamed[TimmNames.ToTorchvision(bare)] = tensor;
        }

        return renamed;
    }
}
