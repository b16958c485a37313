using System.Security.Cryptography;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>Weights to start a training from, known by name. The build puts their file beside the executable.</summary>
/// <param name="Name">What <c>--weights</c> accepts in place of a file.</param>
/// <param name="Backbone">The network that they belong to, a name from <see cref="Networks.Backbones"/>.</param>
/// <param name="Package">NuGet package and version that contains the file.</param>
/// <param name="Sha256">Hash of the file in lower-case hexadecimal digits.</param>
internal sealed record StartingWeights(string Name, string Backbone, string Package, string Sha256)
{
    public const string Default = "resnet18-imagenet";

    /// <summary>In place of a name or a file: train from random weights.</summary>
    public const string None = "none";

    public static IReadOnlyList<StartingWeights> Known { get; } =
    [
        new(
            Default,
            "resnet18-cntk",
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1",
            "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f"),
    ];

    public string Folder { get; init; } = Path.Combine(AppContext.BaseDirectory, "weights");

    public string FilePath => Path.Combine(Folder, Name + ".onnx");

    public string LicensePath => Path.Combine(Folder, Name + ".LICENSE.txt");

    /// <summary>Whether the file exists; a link must lead to an existing file.</summary>
    public bool Exists => File.Exists(FilePath) && File.ResolveLinkTarget(FilePath, returnFinalTarget: true) is not { Exists: false };

    public static StartingWeights? Named(string? name) => Known.FirstOrDefault(w => w.Name == name);

    /// <summary>Whether the name is known and its file exists. Does not check the hash.</summary>
    public static bool IsAvailable(string name) => Named(name) is { Exists: true };

    /// <summary>The given weights; null if none are given or if they are <see cref="None"/>.</summary>
    public static string? Chosen(string? weights) => weights == None ? null : weights;

    /// <summary>Path of the file.</summary>
    /// <exception cref="UserErrorException">The file does not exist.</exception>
    public string Find() => Exists ? FilePath : throw new UserErrorException(
        $"{FilePath}: the starting weights '{Name}' are missing; restore NuGet package {Package} and build again, or give a weight file. "
            + $"--weights {None} trains from random weights");

    /// <summary>The tensors under torchvision's names.</summary>
    /// <exception cref="UserErrorException">The file does not exist, or its hash is wrong.</exception>
    public Dictionary<string, NamedTensor> Read()
    {
        var bytes = File.ReadAllBytes(Find());
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == Sha256 ? CntkResNet.Read(FilePath, ModelProto.Parser.ParseFrom(bytes)) : throw new UserErrorException(
            $"{FilePath}: not the file of {Package}: its SHA-256 is {found}, expected {Sha256}", 1);
    }

    /// <summary>Checks that a network uses all of the tensors: ResNets of other depths have the same names for a part of them.</summary>
    /// <exception cref="UserErrorException">The network lacks a tensor.</exception>
    public void CheckUsed(IEnumerable<string> tensors, IEnumerable<string> used)
    {
        if (tensors.Except(used, StringComparer.Ordinal).FirstOrDefault() is { } unused)
        {
            throw new UserErrorException($"{Name}: the network has no '{unused}'; these weights are for --backbone {Backbone}");
        }
    }
}
