using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Quantization;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Tests.Quantization;

public sealed class NetworkQuantizerTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("resnet18s")]
    [InlineData("efficientnetv2tiny")]
    [InlineData("three-convolutions")]
    public void The_outputs_hardly_change(string backbone)
    {
        var made = QuantizedNetwork.Quantize(QuantizedNetwork.Embedder(backbone));
        Assert.InRange(made.Loss, 1e-9, 0.02);
        Assert.Equal(made.Methods.Values.Min(), made.Loss);
    }

    // Changes between integers and floats run on one thread and cost more than the integers gain.
    [Theory]
    [InlineData("resnet18s", 0)]
    [InlineData("efficientnetv2tiny", 2)]
    public void Everything_between_two_convolutions_computes_with_integers(string backbone, int squeezes)
    {
        var made = QuantizedNetwork.Quantize(QuantizedNetwork.Embedder(backbone));
        var operators = Loaded(made.Graph);
        Assert.Equal(made.Layers.Count, operators.Count(o => o == "QLinearConv"));
        Assert.DoesNotContain("Conv", operators);
        Assert.DoesNotContain("BatchNormalization", operators);
        Assert.DoesNotContain("Add", operators.Take(operators.LastIndexOf("QLinearConv")));
        Assert.InRange(operators.Count(o => o == "Sigmoid"), 0, squeezes);
        // One for the pixels, and one for the gate of each squeeze and excitation.
        Assert.InRange(operators.Count(o => o == "QuantizeLinear"), 1, 1 + squeezes);
        // What follows the last convolution is float32, and so is the small vector of each squeeze and excitation.
        Assert.InRange(operators.Count(o => o == "DequantizeLinear"), 1, 2 + squeezes);
    }

    [Fact]
    public void Folding_normalizations_into_convolutions_changes_nothing()
    {
        var network = QuantizedNetwork.Embedder("resnet18s");
        var folded = new FoldedNetwork(network);
        Assert.DoesNotContain(folded.Graph.Node, n => n.OpType == "BatchNormalization");
        using var before = new GraphRunner(ModelProto.Parser.ParseFrom(network), ["embedding"]);
        using var after = new GraphRunner(folded.Model, ["embedding"]);
        Assert.Equal(Run(before), Run(after), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Weights_that_are_stored_as_8_bits_stay_the_same_integers()
    {
        var network = QuantizedNetwork.Embedder("resnet18s", WeightStorage.Int8);
        var stored = ModelProto.Parser.ParseFrom(network).Graph.Initializer.Single(i => i.Name == "layer1.0.conv1.weight.int8").RawData;
        var made = ModelProto.Parser.ParseFrom(QuantizedNetwork.Quantize(network).Graph);
        Assert.Equal(stored, made.Graph.Initializer.Single(i => i.Name == "layer1.0.conv1.weight_codes").RawData);
    }

    [Fact]
    public void Layers_that_lose_most_stay_in_float32_until_the_loss_is_small_enough()
    {
        var network = QuantizedNetwork.Embedder("resnet18s");
        var all = QuantizedNetwork.Quantize(network);
        var some = QuantizedNetwork.Quantize(network, largestLoss: all.Loss * 0.9);
        Assert.NotEmpty(some.Floats);
        Assert.Equal(all.Layers.Take(some.Floats.Count).Select(l => l.Layer), some.Floats);
        Assert.InRange(some.Loss, 0, all.Loss * 0.9);
        Assert.Equal(some.Layers.Count - some.Floats.Count, Loaded(some.Graph).Count(o => o == "QLinearConv"));
    }

    [Fact]
    public void A_loss_that_cannot_be_reached_is_one_line()
    {
        var error = Assert.Throws<UserErrorException>(
            () => QuantizedNetwork.Quantize(QuantizedNetwork.Embedder("three-convolutions"), largestLoss: 1e-12));
        Assert.Matches("^int8 loses too much: .* 1 of 3 layers in float32, and the limit is .*--int8-loss", error.Message);
    }

    [Fact]
    public void Outputs_that_are_no_numbers_lose_everything()
    {
        var folded = new FoldedNetwork(QuantizedNetwork.Embedder("three-convolutions"));
        var loss = new OutputLoss(folded, QuantizedNetwork.Images.HoldOut, QuantizedNetwork.Side, CancellationToken.None);
        var broken = folded.Model.Clone();
        foreach (var weight in broken.Graph.Initializer.Where(i => i.DataType == (int)ElementType.Float))
        {
            float[] nothing = [.. TensorCodec.DecodeFloats(weight).Select(_ => float.NaN)];
            weight.RawData = TensorCodec.Encode(weight.Name, nothing, []).RawData;
        }

        Assert.Equal(0, loss.Of(folded.Model, count: 2, CancellationToken.None).Loss, tolerance: 1e-6);
        Assert.Equal(double.PositiveInfinity, loss.Of(broken, count: 2, CancellationToken.None).Loss);
    }

    [Fact]
    public void A_loss_of_everything_is_null_in_JSON()
    {
        var made = new Int8Network(
            [], RangeMethod.Mse, new Dictionary<RangeMethod, double> { [RangeMethod.MinMax] = double.PositiveInfinity },
            [new("conv1", double.PositiveInfinity)], []);
        var json = JsonSerializer.Serialize(Int8Table.Summary(made), JsonSerializerOptions.Web);
        Assert.Contains("\"methods\":{\"minmax\":null}", json, StringComparison.Ordinal);
        Assert.Contains("\"layers\":[{\"layer\":\"conv1\",\"loss\":null}]", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_convolution_that_is_an_output_keeps_its_values()
    {
        var model = ModelProto.Parser.ParseFrom(QuantizedNetwork.Embedder("resnet18s"));
        var first = model.Graph.Node.First(n => n.OpType == "Conv").Output[0];
        model.Graph.Output.Add(new ValueInfoProto { Name = first });
        var folded = new FoldedNetwork(Google.Protobuf.MessageExtensions.ToByteArray(model));
        Assert.Contains(folded.Graph.Node, n => n.OpType == "Conv" && n.Output[0] == first);
        Assert.Null(folded.OnlyReader(first));
    }

    private static float[] Run(GraphRunner runner)
    {
        var outputs = new List<float>();
        var (images, side) = (QuantizedNetwork.Images.HoldOut, QuantizedNetwork.Side);
        runner.Run(images, side, (_, _, values) => outputs.AddRange(values.ToArray()), CancellationToken.None);
        return [.. outputs];
    }

    /// <summary>The operators that ONNX Runtime makes of a graph.</summary>
    private List<string> Loaded(byte[] graph)
    {
        using var settings = new SessionOptions { OptimizedModelFilePath = _file, IntraOpNumThreads = 1 };
        settings.AddSessionConfigEntry("optimization.disable_specified_optimizers", "WeightBiasQuantization");
        using (new InferenceSession(graph, settings))
        {
            return [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(_file)).Graph.Node.Select(n => n.OpType)];
        }
    }
}
