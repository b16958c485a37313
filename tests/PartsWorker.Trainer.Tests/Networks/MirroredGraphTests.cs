using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Networks;

public sealed class MirroredGraphTests
{
    private const int Side = 32;
    private const int Rows = 3;

    [Fact]
    public void An_embedding_is_the_mean_direction_of_image_and_mirror_image()
    {
        var stage = Stage(HeadKind.Embedder);
        var plain = Run(stage.ToOnnx(), "embedding", 16, Images(false));
        var mirror = Run(stage.ToOnnx(), "embedding", 16, Images(true));
        Assert.NotEqual(plain[0], mirror[0], 1e-3);
        var mean = plain.Zip(mirror, (a, b) => a + b).Chunk(16).SelectMany(row => row.Select(x => x / MathF.Sqrt(row.Sum(v => v * v))));
        Assert.All(mean.Zip(Run(stage.ToOnnx(mirrored: true), "embedding", 16, Images(false))), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void Logits_are_means_and_a_mirrored_image_gets_the_same_answer()
    {
        var stage = Stage(HeadKind.Meta);
        var mean = Run(stage.ToOnnx(), "color_logits", 3, Images(false))
            .Zip(Run(stage.ToOnnx(), "color_logits", 3, Images(true)), (a, b) => (a + b) / 2);
        var both = Run(stage.ToOnnx(mirrored: true), "color_logits", 3, Images(false));
        Assert.All(mean.Zip(both), p => Assert.Equal(p.First, p.Second, 1e-4));
        Assert.All(
            both.Zip(Run(stage.ToOnnx(mirrored: true), "color_logits", 3, Images(true))), p => Assert.Equal(p.First, p.Second, 1e-4));
    }

    private static TrainedStage Stage(HeadKind head)
    {
        var spec = new NetworkSpec
        {
            Backbone = "resnet18s",
            Head = head,
            InputSize = Side,
            Width = 0.125f,
            Embedding = 16,
            Classes = 4,
            Colors = 3,
            Shapes = 2,
        };
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        return new(spec, Truth.Weights(graph.Parameters, graph.Statistics));
    }

    private static byte[] Images(bool mirrored)
    {
        var pixels = new byte[Rows * Side * Side * 3];
        new Random(4).NextBytes(pixels);
        return mirrored ? [.. pixels.Chunk(Side * 3).SelectMany(row => row.Chunk(3).Reverse().SelectMany(p => p))] : pixels;
    }

    private static float[] Run(byte[] onnx, string output, int width, byte[] pixels)
    {
        using var inputs = new GraphMemory([new Value(Network.InputName, ElementType.UInt8, [Rows, Side, Side, 3])]);
        using var outputs = new GraphMemory([new Value(output, ElementType.Float, [Rows, width])]);
        using var session = GraphSession.Load(onnx, new(1));
        using var bound = session.Bind(inputs.Tensors, outputs.Tensors);
        pixels.CopyTo(inputs.Bytes(Network.InputName));
        bound.Run();
        return outputs.Floats(output).ToArray();
    }
}
