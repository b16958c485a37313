using Google.Protobuf;
using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Weights;

/// <summary>A network and its trained tensors under PyTorch's names and shapes.</summary>
internal sealed record TrainedStage(NetworkSpec Network, IReadOnlyDictionary<string, float[]> Tensors)
{
    /// <summary>Length of the features that both heads of a shared trunk read.</summary>
    public int FeatureSize => Network.Hidden > 0
        ? Tensors["hidden.weight"].Length / Network.Hidden
        : Tensors["color.weight"].Length / Network.Colors;

    /// <summary>
    /// Inference graph, opset 17: <c>image</c> uint8 [N,S,S,3] to <c>embedding</c>, or to <c>color_logits</c> and <c>shape_logits</c>,
    /// or to all three, or to <c>logits</c>.
    /// </summary>
    /// <param name="storage">How to store matrices and kernels; the graph casts them to float32.</param>
    /// <param name="mirrored">Average the outputs for each image and its mirror image: more accurate, at twice the
    /// cost.</param>
    public byte[] ToOnnx(WeightStorage storage = WeightStorage.Fp32, bool mirrored = false)
    {
        var graph = new GraphBuilder(Network.Backbone);
        var ops = new Ops(graph, new Tape());
        var store = new InferenceStore(graph, Tensors, storage);
        return Finish(graph, mirrored
            ? Networks.Network.BuildMirrored(Network, ops, store, ConvolutionPlan.StandardOperators)
            : Networks.Network.Build(Network, ops, store, ConvolutionPlan.StandardOperators, batch: -1));
    }

    /// <summary>
    /// The two graphs of a shared trunk: <c>image</c> to <c>embedding</c> and <c>features</c> [N, F], and <c>features</c> to
    /// <c>color_logits</c> and <c>shape_logits</c>.
    /// </summary>
    public (byte[] StageOne, byte[] StageTwo) ToSharedOnnx(
        WeightStorage storage = WeightStorage.Fp32, bool mirrored = false)
    {
        var trunk = this with { Network = Network with { Head = HeadKind.Trunk } };
        var graph = new GraphBuilder(Network.Backbone);
        var store = new InferenceStore(graph, Tensors, storage);
        var heads = Networks.Network.BuildHeads(Network, new Ops(graph, new Tape()), store, FeatureSize);
        return (trunk.ToOnnx(storage, mirrored), Finish(graph, heads with { Features = null }));
    }

    private byte[] Finish(GraphBuilder graph, NetworkOutputs outputs)
    {
        foreach (var (name, value) in new[]
        {
            ("embedding", outputs.Embedding), (Networks.Network.FeaturesName, Network.Head == HeadKind.Trunk ? outputs.Features : null),
            ("color_logits", outputs.Colors), ("shape_logits", outputs.Shapes), ("logits", outputs.Logits),
        })
        {
            if (value is not null)
            {
                graph.Output(name, value);
            }
        }

        return graph.Build().ToByteArray();
    }

    /// <summary>Unit class centers [classes · sub-centers, E] of the margin head; null if there is none.</summary>
    public float[]? Centers => Tensors.GetValueOrDefault(MarginHead.WeightName);
}
