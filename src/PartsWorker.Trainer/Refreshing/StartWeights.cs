using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// Writes the weights that fine-tuning starts from: those of the serving bundle, with rows for new colors and shapes, and with the class
/// centers, which a bundle does not contain.
/// </summary>
internal static class StartWeights
{
    private static readonly string[] GrowingLayers = ["color.", "shape."];

    /// <param name="path">The safetensors file to write.</param>
    /// <param name="serving">The network of the serving bundle.</param>
    /// <param name="network">The network to train, with the new numbers of classes, colors and shapes.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="centers">Unit class centers, one per class; empty for a meta model.</param>
    /// <exception cref="UserErrorException">The weights do not fit the network.</exception>
    public static void Write(string path, ServingNetwork serving, NetworkSpec network, LossSpec loss, IReadOnlyList<float[]> centers)
    {
        var graph = TrainingGraph.Build(network, loss, 2, ConvolutionPlan.StandardOperators);
        var wanted = graph.Parameters.Select(p => (p.Name, p.Shape))
            .Concat(graph.Statistics.SelectMany(s => new[] { (s.MeanName, new[] { s.Channels }), (s.VarianceName, [s.Channels]) }));
        var tensors = new List<TensorSource>();
        foreach (var (name, shape) in wanted)
        {
            var data = name == MarginHead.WeightName ? Repeat(centers, loss.SubCenters) : Find(serving, name, shape);
            if (data is not null)
            {
                tensors.Add(new(name, shape, () => data));
            }
        }

        using var file = File.Create(path);
        SafetensorsWriter.Write(file, new Dictionary<string, string>(), tensors);
    }

    private static float[]? Find(ServingNetwork serving, string name, int[] shape)
    {
        if (!serving.Tensors.TryGetValue(name, out var tensor))
        {
            // Auxiliary layers of training are not exported; they start from random weights.
            return name.StartsWith("side.", StringComparison.Ordinal) ? null : throw new UserErrorException(
                $"the {serving.Spec.Backbone} of the serving bundle has no tensor '{name}'; it cannot be refreshed");
        }

        if (tensor.Shape.SequenceEqual(shape))
        {
            return tensor.Data;
        }

        return Grows(name, tensor.Shape, shape) ? WithRows(tensor.Data, shape) : throw new UserErrorException(
            $"tensor '{name}' of the serving bundle is {Shapes.Text(tensor.Shape)}, but its {serving.Spec.Backbone} needs "
                + $"{Shapes.Text(shape)}; it cannot be refreshed");
    }

    private static bool Grows(string name, int[] given, int[] wanted) =>
        Array.Exists(GrowingLayers, layer => name.StartsWith(layer, StringComparison.Ordinal))
        && given.Length == wanted.Length && given[0] < wanted[0] && given.Skip(1).SequenceEqual(wanted.Skip(1));

    // A row of zeros gives every new color or shape the logit 0.
    private static float[] WithRows(float[] rows, int[] shape)
    {
        var grown = new float[shape.Aggregate(1, (product, d) => product * d)];
        rows.CopyTo(grown, 0);
        return grown;
    }

    private static float[] Repeat(IReadOnlyList<float[]> centers, int times) =>
        [.. centers.SelectMany(center => Enumerable.Repeat(center, times)).SelectMany(row => row)];
}
