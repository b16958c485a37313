using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// Reads initial weights from a bundle folder, an <c>.onnx</c> file, a <c>.safetensors</c> file or a checkpoint, with the names of
/// torchvision, timm and common face networks. Also accepts a name of <see cref="StartingWeights"/>.
/// </summary>
internal static class WeightFile
{
    private const string MetaModel = "stage2.onnx";
    private static readonly string[] Prefixes = ["module.", "model.", "backbone.", "_orig_mod."];

    // Layers whose size is the number of colors, shapes or classes.
    private static readonly string[] LabelLayers = ["color.", "shape.", "side.", "head."];

    /// <summary>
    /// The tensors that the network needs. A tensor with the right name and a wrong shape is an error. From a bundle, the layers of colors,
    /// shapes and classes are left out if their number differs: other data may have other labels.
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
            if (given.TryGetValue(name, out var tensor) && !(IsBundle(path) && IsOfOtherLabels(name, tensor.Shape, shape)))
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
            ".onnx" => IsBundle(path) ? ReadBundle(path, file) : ReadOnnx(file),
            ".safetensors" => new(SafetensorsFile.Read(file).Tensors),
            ".ckpt" => CheckpointTensors.Result(CheckpointFile.Read(file, CheckpointTensors.IsOfNetwork).Tensors),
            var other => throw new UserErrorException(
                $"{file}: unsupported weight file '{other}'; expected .onnx, .safetensors, .ckpt or a bundle folder"),
        };
    }

    private static bool IsBundle(string path) => StartingWeights.Named(path) is null && Directory.Exists(path);

    private static bool IsOfOtherLabels(string name, int[] given, int[] wanted) =>
        Array.Exists(LabelLayers, layer => name.StartsWith(layer, StringComparison.Ordinal))
        && given.Length == wanted.Length && given[0] != wanted[0] && given.Skip(1).SequenceEqual(wanted.Skip(1));

    /// <summary>The embedder, and with a shared trunk also the heads of the meta model.</summary>
    private static Dictionary<string, NamedTensor> ReadBundle(string folder, string stageOne)
    {
        var tensors = ReadOnnx(stageOne);
        var meta = Path.Combine(folder, MetaModel);
        if (File.Exists(meta) && ModelProto.Parser.ParseFrom(File.ReadAllBytes(meta)).Graph is { } heads
            && heads.Input.Any(i => i.Name == Network.FeaturesName))
        {
            foreach (var (name, tensor) in GraphWeights.Read(heads))
            {
                tensors.TryAdd(name, tensor);
            }
        }

        return tensors;
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
}
