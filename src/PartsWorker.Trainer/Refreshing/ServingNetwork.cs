using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>A network of a bundle: its architecture, which bundles do not record, is derived from its graph and its weights.</summary>
/// <param name="Spec">The architecture at the size it was trained at, without dropout.</param>
/// <param name="Storage">How the bundle stores its weights.</param>
/// <param name="Mirrored">Whether it averages over an image and its mirror image.</param>
/// <param name="Tensors">Its weights by PyTorch name.</param>
internal sealed record ServingNetwork(
    NetworkSpec Spec, WeightStorage Storage, bool Mirrored, IReadOnlyDictionary<string, NamedTensor> Tensors)
{
    /// <summary>The one network of a shared trunk, or the embedder and the meta model.</summary>
    /// <exception cref="UserErrorException">The network is not one of <see cref="Backbones"/>.</exception>
    public static IReadOnlyList<ServingNetwork> ReadAll(ModelBundle bundle) => bundle.Manifest.StageOne.Features is null
        ? [Read(bundle, HeadKind.Embedder, "stage1.onnx"), Read(bundle, HeadKind.Meta, "stage2.onnx")]
        : [Read(bundle, HeadKind.Shared, "stage1.onnx")];

    private static ServingNetwork Read(ModelBundle bundle, HeadKind head, string file)
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(bundle.PathOf(file))).Graph;
        if (!Backbones.Names.Contains(graph.Name))
        {
            throw new UserErrorException(
                $"{bundle.Directory}: its network '{graph.Name}' is unknown; only bundles written by partstrainer can be refreshed");
        }

        var tensors = WeightFile.Read(head == HeadKind.Shared ? bundle.Directory : bundle.PathOf(file));
        var spec = new NetworkSpec
        {
            Backbone = graph.Name,
            Head = head,
            InputSize = TrainedSize.Of(bundle.Manifest),
            Embedding = bundle.Manifest.StageOne.EmbeddingSize,
            Classes = bundle.Labels.Classes.Count,
            Colors = bundle.Labels.Colors.Count,
            Shapes = bundle.Labels.Shapes.Count,
            Lambda = tensors.Keys.Any(name => name.StartsWith("lambda.", StringComparison.Ordinal)),
            Hidden = tensors.TryGetValue("hidden.weight", out var hidden) ? hidden.Shape[0] : 0,
            ImageNetPixels = tensors.Values.Any(IsImageNetMean),
        };
        return new(spec with { Width = WidthOf(spec, tensors) }, StorageOf(graph), IsMirrored(graph), tensors);
    }

    /// <summary>The widest layer of the backbone relative to its published width.</summary>
    private static float WidthOf(NetworkSpec spec, Dictionary<string, NamedTensor> tensors)
    {
        var published = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators).Parameters
            .Where(p => p.IsMatrix && !Heads.IsHead(p.Name) && tensors.ContainsKey(p.Name))
            .MaxBy(p => p.Shape[0]);
        return published is null ? 1 : tensors[published.Name].Shape[0] / (float)published.Shape[0];
    }

    private static bool IsImageNetMean(NamedTensor constant) =>
        constant.Shape is [3, 1, 1] && Math.Abs(constant.Data[0] - (Network.ImageNetMean[0] * 255)) < 0.01;

    private static WeightStorage StorageOf(GraphProto graph)
    {
        bool Has(string ending) => graph.Initializer.Any(t => t.Name.EndsWith(ending, StringComparison.Ordinal));
        return Has(".int8") ? WeightStorage.Int8 : Has(".fp16") ? WeightStorage.Fp16 : WeightStorage.Fp32;
    }

    // The mirror image is a reversal of the columns; no other part of an inference graph gathers along them.
    private static bool IsMirrored(GraphProto graph) =>
        graph.Node.Any(n => n.OpType == "Gather" && n.Attribute.Any(a => a.Name == "axis" && a.I == 3));
}
