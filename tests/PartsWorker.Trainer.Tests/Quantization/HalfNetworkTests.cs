using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Tests.Quantization;

public sealed class HalfNetworkTests
{
    [Theory]
    [InlineData("resnet18s", nameof(WeightStorage.Fp32))]
    [InlineData("resnet18s", nameof(WeightStorage.Int8))]
    [InlineData("efficientnetv2tiny", nameof(WeightStorage.Fp32))]
    [InlineData("mobilefacenet", nameof(WeightStorage.Fp16))]
    public void The_embedding_changes_by_the_rounding_of_float16(string backbone, string storage)
    {
        var network = QuantizedNetwork.Embedder(backbone, Enum.Parse<WeightStorage>(storage));
        var difference = Embed(network).Zip(Embed(HalfNetwork.Convert(network)), (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(difference, 1e-6, 1e-2);
    }

    // A cast between two convolutions would cost the time that float16 saves; the small vector of a squeeze and excitation is float32.
    [Theory]
    [InlineData("resnet18s", 0)]
    [InlineData("efficientnetv2tiny", 2)]
    public void Between_the_first_and_the_last_convolution_everything_is_float16(string backbone, int squeezes)
    {
        var graph = ModelProto.Parser.ParseFrom(HalfNetwork.Convert(QuantizedNetwork.Embedder(backbone))).Graph;
        var types = graph.Initializer.ToDictionary(i => i.Name, i => (ElementType)i.DataType, StringComparer.Ordinal);
        NodeProto[] convolutions = [.. graph.Node.Where(n => n.OpType == "Conv")];
        Assert.NotEmpty(convolutions);
        Assert.All(convolutions, node => Assert.Equal(ElementType.Float16, types[node.Input[1]]));
        var (first, last) = (graph.Node.IndexOf(convolutions[0]), graph.Node.IndexOf(convolutions[^1]));
        Assert.InRange(graph.Node.Skip(first).Take(last - first).Count(node => node.OpType == "Cast"), 0, 2 * squeezes);
    }

    [Fact]
    public void A_network_without_a_convolution_is_refused_with_one_line()
    {
        var graph = ModelProto.Parser.ParseFrom(QuantizedNetwork.Embedder("resnet18s"));
        graph.Graph.Node.Clear();
        var error = Assert.Throws<UserErrorException>(() => HalfNetwork.Convert(Google.Protobuf.MessageExtensions.ToByteArray(graph)));
        Assert.Equal("the network has no convolution that could compute with float16", error.Message);
    }

    [Fact]
    public void Weights_beyond_the_range_of_float16_are_refused_with_one_line()
    {
        var model = ModelProto.Parser.ParseFrom(QuantizedNetwork.Embedder("resnet18s"));
        var weight = model.Graph.Initializer.Single(i => i.Name == "layer1.0.conv1.weight");
        float[] huge = [.. TensorCodec.DecodeFloats(weight).Select(w => w * 1e7f)];
        weight.RawData = TensorCodec.Encode(weight.Name, huge, []).RawData;
        var error = Assert.Throws<UserErrorException>(() => HalfNetwork.Convert(Google.Protobuf.MessageExtensions.ToByteArray(model)));
        Assert.Matches("^float16 ends at 65,504, but layer1.0.conv1.*E\\+.*; do without float16 graphs", error.Message);
    }

    private static float[] Embed(byte[] network)
    {
        using var runner = new GraphRunner(ModelProto.Parser.ParseFrom(network), ["embedding"]);
        var outputs = new List<float>();
        runner.Run(
            QuantizedNetwork.Images.HoldOut,
            QuantizedNetwork.Side,
            (_, _, values) => outputs.AddRange(values.ToArray()),
            CancellationToken.None);
        return [.. outputs];
    }
}
