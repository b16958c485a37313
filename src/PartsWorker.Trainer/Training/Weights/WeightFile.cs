using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// Reads initial weights from a bundle folder, an <c>.onnx</c> file, a <c>.safetensors</c> file or a checkpoint, with the names of
/// torchvision, timm and common face networks. The name of <see cref="StartingWeights"/> stands for their file.
/// </summary>
internal static class WeightFile
{
    private static readonly string[] Prefixes = ["module.", "model.", "backbone.", "_orig_mod."];

    /// <summary>
    /// The tensors that the network needs. A tensor with the right name and a wrong shape is an error.
    /// </summary>
    public static Dictionary<string, float[]> Fit(
        string path, IReadOnlyList<ParameterSpec> parameters, IReadOnlyList<StatisticSpec> statistics)
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
                fitting[name] = tensor.Shape.SequenceEqual(shape) ? tensor.Data : throw new UserErrorException(
                    $"{path}: tensor '{name}' is {Shapes.Text(tensor.Shape)}, but the network needs {Shapes.Text(shape)}");
            }
        }

        StartingWeights.Named(path)?.CheckUsed(given.Keys, wanted.Keys);
        return fitting.Count > 0
            ? fitting
            : throw new UserErrorException($"{path}: none of its {given.Count} tensors matches the network");
    }

    /// <summary>The file of known starting weights, the weight file of a bundle folder, or the file itself.</summary>
    /// <exception cref="UserErrorException">The file does not exist.</exception>
    public static string Find(string path)
    {
        if (StartingWeights.Named(path) is { } known)
        {
            return known.Find();
        }

        var file = Directory.Exists(path) ? Path.Combine(path, "stage1.onnx") : path;
        return File.Exists(file) ? file : throw new UserErrorException($"{file}: no such weight file");
    }

    public static Dictionary<string, NamedTensor> Read(string path)
    {
        if (StartingWeights.Named(path) is { } known)
        {
            return known.Read();
        }

        var file = Find(path);
        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".onnx" when Directory.Exists(path) => ReadBundle(path, file),
            ".onnx" => ReadOnnx(file),
            ".safetensors" => new(SafetensorsFile.Read(file).Tensors),
            ".ckpt" => CheckpointTensors.Result(CheckpointFile.Read(file, CheckpointTensors.IsOfNetwork).Tensors),
            var other => throw new UserErrorException(
                $"{file}: unsupported weight file '{other}'; expected .onnx, .safetensors, .ckpt or a bundle folder"),
        };
    }

    private static Dictionary<string, NamedTensor> ReadOnnx(string path)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        return CntkResNet.IsProducerOf(model) ? CntkResNet.Read(path, model) : GraphWeights.Read(model.Graph);
    }

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

    /// <summary>The embedder of a bundle, with the heads of the meta model if both share a trunk.</summary>
    private static Dictionary<string, NamedTensor> ReadBundle(string folder, string embedder)
    {
        var tensors = ReadOnnx(embedder);
        var meta = Path.Combine(folder, "stage2.onnx");
        var shared = File.Exists(meta)
            && ModelProto.Parser.ParseFrom(File.ReadAllBytes(meta)).Graph.Input.Any(input => input.Name == Network.FeaturesName);
        foreach (var (name, tensor) in shared ? ReadOnnx(meta) : [])
        {
            tensors.TryAdd(name, tensor);
        }

        return tensors;
    }
}
