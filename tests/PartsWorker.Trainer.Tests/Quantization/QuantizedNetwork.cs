using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Quantization;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Quantization;

/// <summary>Small networks with fixed weights, and images to quantize them with.</summary>
internal static class QuantizedNetwork
{
    public const int Side = 32;

    public static CalibrationImages Images { get; } = new(Pixels(16, seed: 1), Pixels(8, seed: 2), Side);

    /// <summary>The network of an embedder.</summary>
    public static byte[] Embedder(string backbone, WeightStorage storage = WeightStorage.Fp32)
    {
        var spec = new NetworkSpec
        {
            Backbone = backbone,
            Head = HeadKind.Embedder,
            InputSize = Side,
            Width = 0.25f,
            Embedding = 16,
            Classes = 4,
            Colors = 2,
            Shapes = 2,
        };
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        return new TrainedStage(spec, Truth.Weights(graph.Parameters, graph.Statistics)).ToOnnx(storage);
    }

    public static Int8Network Quantize(byte[] network, double largestLoss = 1) => new NetworkQuantizer(network, Images, largestLoss).Run();

    // Noise of few colors per image: images of independent pixels would all have the same average.
    private static byte[][] Pixels(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var (low, high) = (random.Next(0, 128), random.Next(128, 256));
                return Enumerable.Range(0, Side * Side * 3).Select(i => (byte)random.Next(low * (i % 3 == 0 ? 1 : 0), high)).ToArray();
            }),
        ];
    }
}
