using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// What rounding costs a network: the squared difference of its outputs from those in float32, relative to their squared length, as the
/// mean over the images and the sum over the outputs. For an embedding, that is twice one minus the cosine.
/// </summary>
internal sealed class OutputLoss
{
    private const double Smallest = 1e-12;
    private readonly IReadOnlyList<byte[]> _images;
    private readonly int _side;
    private readonly string[] _outputs;
    private readonly List<float[]>[] _expected;

    public OutputLoss(FoldedNetwork network, IReadOnlyList<byte[]> images, int side, CancellationToken cancel)
    {
        (_images, _side) = (images, side);
        _outputs = [.. network.Graph.Output.Select(o => o.Name)];
        (_expected, FloatTime) = Run(network.Model, images.Count, cancel);
    }

    /// <summary>Time of the float32 network for all images.</summary>
    public TimeSpan FloatTime { get; }

    /// <summary>The loss of a rounded network on the first images, and its time for them; infinity if outputs are no numbers.</summary>
    public (double Loss, TimeSpan Time) Of(ModelProto rounded, int count, CancellationToken cancel)
    {
        var (found, time) = Run(rounded, Math.Min(count, _images.Count), cancel);
        var loss = found.Zip(_expected).Sum(pair => pair.First.Zip(pair.Second, Difference).Average());
        // NaN is smaller than any number in a sort, and not above a limit.
        return (double.IsFinite(loss) ? loss : double.PositiveInfinity, time);
    }

    private static double Difference(float[] found, float[] expected)
    {
        double difference = 0, length = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += (found[i] - expected[i]) * (double)(found[i] - expected[i]);
            length += expected[i] * (double)expected[i];
        }

        return difference / Math.Max(length, Smallest);
    }

    private (List<float[]>[] Outputs, TimeSpan Time) Run(ModelProto model, int count, CancellationToken cancel)
    {
        var outputs = _outputs.Select(_ => new List<float[]>()).ToArray();
        using var runner = new GraphRunner(model, _outputs);
        runner.Run(
            [.. _images.Take(count)],
            _side,
            (output, images, values) =>
            {
                var width = values.Length / images;
                for (var i = 0; i < images; i++)
                {
                    outputs[output].Add(values.Slice(i * width, width).ToArray());
                }
            },
            cancel);
        return (outputs, runner.Elapsed);
    }
}
