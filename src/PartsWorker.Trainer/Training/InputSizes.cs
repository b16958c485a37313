using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Training;

/// <summary>Whether a network can read images of several sizes with the same weights.</summary>
internal static class InputSizes
{
    /// <summary>The range of a bundle's input, in pixels.</summary>
    public const int Smallest = 8;

    /// <inheritdoc cref="Smallest"/>
    public const int Largest = 2048;

    /// <summary>True if the weights have the same shapes at each of the sizes.</summary>
    public static bool ShareWeights(TrainingOptions options, IEnumerable<int> sizes) =>
        sizes.Distinct().Select(size => string.Join('\n', ShapesAt(options, size))).Distinct(StringComparer.Ordinal).Count() == 1;

    private static IEnumerable<string> ShapesAt(TrainingOptions options, int size)
    {
        var network = options.Network with { InputSize = size };
        var graph = TrainingGraph.Build(network, options.Loss, options.BatchSize, ConvolutionPlan.For(options.Device));
        return graph.Parameters.Select(p => $"{p.Name} {Shapes.Text(p.Shape)}");
    }
}
