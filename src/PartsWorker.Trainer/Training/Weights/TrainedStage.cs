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
    /// <summary>
    /// Inference graph, opset 17: <c>image</c> uint8 [N,S,S,3] to <c>embedding</c>, or to <c>color_logits</c> and <c>shape_logits</c>,
    /// or to <c>logits</c>.
    /// </summary>
    /// <param name="half">Store matrices and kernels as fp16; the graph casts them back to float32.</param>
    /// <param name="mirrored">Average the outputs for each image and its mirror image: more accurate, at twice the
    /// cost.</param>
    public byte[] ToOnnx(bool half = false, bool mirrored = false)
    {
        var graph = new GraphBuilder(Network.Backbone);
        var ops = new Ops(graph, new Tape());
        var store = new InferenceStore(graph, Tensors, half);
        var outputs = mirrored
            ? Networks.Network.BuildMirrored(Network, ops, store, ConvolutionPlan.StandardOperators)
            : Networks.Network.Build(Network, ops, store, ConvolutionPlan.StandardOperators, batch: -1);
        foreach (var (name, value) in new[]
        {
            ("embedding", outputs.Embedding), ("color_logits", outputs.Colors), ("shape_logits", outputs.Shapes),
            ("logits", outputs.Logits),
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
