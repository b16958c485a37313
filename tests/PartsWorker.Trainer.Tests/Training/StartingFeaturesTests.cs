using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>Two rendered images through the original graph, and through our network with the mapped weights.</summary>
public sealed class StartingFeaturesTests
{
    private const int Images = 2;
    private const int Size = 224;
    private const int Plane = Size * Size;
    private const int Features = 512;

    // Blue, green, red: what the original network expects to be subtracted.
    private static readonly float[] ColorMean = [103.06262f, 115.90288f, 123.15163f];
    private static readonly StartingWeights Weights = StartingWeights.Named(StartingWeights.Default)!;

    [Fact]
    public void The_features_are_those_of_the_original_graph()
    {
        var rgb = Rendered();
        var (expected, ours) = (OriginalFeatures(rgb), OurFeatures(rgb));
        Assert.All(Enumerable.Range(0, Images), i => Assert.InRange(Cosine(Row(expected, i), Row(ours, i)), 0.999999, 1.000001));
        Assert.InRange(Cosine(Row(expected, 0), Row(expected, 1)), 0, 0.9);
    }

    [Fact]
    public void The_first_layer_answers_to_a_flat_color_as_the_original_does()
    {
        float[] bgr = [30, 110, 220];
        float[] rgb = [220, 110, 30];
        var initializers = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Weights.Find())).Graph.Initializer.ToDictionary(t => t.Name);
        float[] Original(string name) => TensorCodec.DecodeFloats(initializers[name]);
        var ours = Weights.Read();
        var expected = Responses(Original("Parameter91"), Original("Constant98"), c => bgr[c] - ColorMean[c]);
        var actual = Responses(
            ours["conv1.weight"].Data,
            ours["bn1.running_mean"].Data,
            c => ((rgb[c] / 255) - Network.ImageNetMean[c]) / Network.ImageNetDeviation[c]);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-4 * expected.Max(Math.Abs)));
    }

    /// <summary>Each kernel's sum over a flat color, less the running mean.</summary>
    private static double[] Responses(float[] kernels, float[] means, Func<int, double> color) =>
        [.. means.Select((mean, k) => Enumerable.Range(0, 3 * 49).Sum(i => kernels[(k * 3 * 49) + i] * color(i / 49)) - mean)];

    private static byte[] Rendered()
    {
        var part = PartCatalog.Choose(1)[0];
        var mesh = SurfaceMesher.Create(part.Shape.Body);
        var (renderer, sensor, images) = (new PartRenderer(Size * 2), new CameraSensor(Size), new byte[Images * Plane * 3]);
        for (var i = 0; i < Images; i++)
        {
            var dice = Dice.For(1, 0, i);
            var scene = new Scene(part.Shape, mesh, Size * 2, ref dice);
            renderer.Render(mesh, part.Finish, scene);
            sensor.Expose(renderer.Light, images.AsSpan(i * Plane * 3, Plane * 3), scene.Studio.WhiteCard, ref dice);
        }

        return images;
    }

    private static float[] OriginalFeatures(byte[] rgb)
    {
        using var session = GraphSession.Load(File.ReadAllBytes(Weights.Find()), new GraphSessionOptions(2));
        using var input = new GraphMemory([new Value("Input247", ElementType.Float, [1, 3, Size, Size])]);
        using var output = new GraphMemory([new Value("Pooling395_Output_0", ElementType.Float, [1, Features, 1, 1])]);
        using var bound = session.Bind(input.Tensors, output.Tensors);
        var features = new List<float>();
        for (var i = 0; i < Images; i++)
        {
            var planes = input.Floats("Input247");
            for (var at = 0; at < planes.Length; at++)
            {
                var (color, pixel) = (at / Plane, at % Plane);
                planes[at] = rgb[(((i * Plane) + pixel) * 3) + 2 - color] - ColorMean[color];
            }

            bound.Run();
            features.AddRange(output.Floats("Pooling395_Output_0"));
        }

        return [.. features];
    }

    /// <summary>An embedder whose linear layer is the identity: its embedding has the direction of the features.</summary>
    private static float[] OurFeatures(byte[] rgb)
    {
        var spec = new NetworkSpec
        {
            Backbone = Weights.Backbone, Head = HeadKind.Embedder, InputSize = Size, Embedding = Features, ImageNetPixels = true,
        };
        var tensors = Weights.Read().ToDictionary(t => t.Key, t => t.Value.Data);
        tensors["embedding.weight"] = new float[Features * Features];
        tensors["embedding.bias"] = new float[Features];
        for (var i = 0; i < Features; i++)
        {
            tensors["embedding.weight"][i * (Features + 1)] = 1;
        }

        using var session = GraphSession.Load(new TrainedStage(spec, tensors).ToOnnx(), new GraphSessionOptions(2));
        using var input = new GraphMemory([new Value(Network.InputName, ElementType.UInt8, [Images, Size, Size, 3])]);
        using var output = new GraphMemory([new Value("embedding", ElementType.Float, [Images, Features])]);
        using var bound = session.Bind(input.Tensors, output.Tensors);
        rgb.CopyTo(input.Bytes(Network.InputName));
        bound.Run();
        return output.Floats("embedding").ToArray();
    }

    private static float[] Row(float[] features, int image) => features[(image * Features)..((image + 1) * Features)];

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
