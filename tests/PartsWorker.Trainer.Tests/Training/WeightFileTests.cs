using System.Text;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class WeightFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("blocks.0.1.conv.weight", "features.1.1.block.0.0.weight")]
    [InlineData("blocks.1.0.conv_pwl.weight", "features.2.0.block.1.0.weight")]
    [InlineData("blocks.3.2.conv_dw.weight", "features.4.2.block.1.0.weight")]
    [InlineData("blocks.5.14.se.conv_expand.bias", "features.6.14.block.2.fc2.bias")]
    [InlineData("blocks.4.0.bn3.running_var", "features.5.0.block.3.1.running_var")]
    [InlineData("conv_stem.weight", "features.0.0.weight")]
    [InlineData("bn2.bias", "features.7.1.bias")]
    [InlineData("layer1.0.conv1.weight", "layer1.0.conv1.weight")]
    public void Names_of_timm_are_converted(string timm, string ours) => Assert.Equal(ours, TimmNames.ToTorchvision(timm));

    [Fact]
    public void A_safetensors_file_sets_the_parameters_that_it_contains()
    {
        var path = Safetensors("module.conv1.weight", [8, 3, 3, 3], "F32");
        var found = WeightFile.Fit(path, Graph.Parameters, Graph.Statistics);
        Assert.Equal("conv1.weight", Assert.Single(found).Key);
        Assert.Equal(Truth.Numbers("t", 216), found["conv1.weight"]);
    }

    [Theory]
    [InlineData("resnet18", "layer4.1.conv2.weight", new[] { 512, 512, 3, 3 }, "layer4.1.conv2.weight")]
    [InlineData("resnet50", "layer3.5.conv3.weight", new[] { 1024, 256, 1, 1 }, "layer3.5.conv3.weight")]
    [InlineData("resnet50", "layer4.0.downsample.1.running_var", new[] { 2048 }, "layer4.0.downsample.1.running_var")]
    [InlineData("efficientnetv2s", "features.6.14.block.3.0.weight", new[] { 256, 1536, 1, 1 }, "features.6.14.block.3.0.weight")]
    [InlineData("efficientnetv2s", "blocks.5.14.conv_pwl.weight", new[] { 256, 1536, 1, 1 }, "features.6.14.block.3.0.weight")]
    public void Published_networks_are_read_under_the_names_of_torchvision_and_timm(
        string backbone, string published, int[] shape, string ours)
    {
        var spec = new NetworkSpec { Backbone = backbone, Head = HeadKind.Meta, InputSize = 64, Colors = 2, Shapes = 2 };
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var found = WeightFile.Fit(Safetensors(published, shape, "F32"), graph.Parameters, graph.Statistics);
        Assert.Equal(ours, Assert.Single(found).Key);
    }

    [Fact]
    public void A_wrong_shape_names_the_tensor_and_both_shapes()
    {
        var path = Safetensors("conv1.weight", [8, 3, 7, 7], "F32");
        var error = Assert.Throws<UserErrorException>(() => WeightFile.Fit(path, Graph.Parameters, Graph.Statistics));
        Assert.EndsWith("tensor 'conv1.weight' is [8,3,7,7], but the network needs [8,3,3,3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_network_is_rejected()
    {
        var path = Safetensors("encoder.weight", [4], "F32");
        Assert.Contains(
            "none of its 1 tensors",
            Assert.Throws<UserErrorException>(() => WeightFile.Fit(path, Graph.Parameters, Graph.Statistics)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fp32", 0)]
    [InlineData("Fp16", 1e-3)]
    [InlineData("Int8", 5e-3)]
    public void The_weights_of_an_exported_graph_can_be_read_back(string storage, double tolerance)
    {
        var tensors = Truth.Weights(Graph.Parameters, Graph.Statistics);
        var path = Path.Combine(_folder, "net.onnx");
        File.WriteAllBytes(path, new TrainedStage(Spec, tensors).ToOnnx(Enum.Parse<WeightStorage>(storage)));
        var found = WeightFile.Fit(path, Graph.Parameters, Graph.Statistics);
        Assert.Equal(tensors.Count - 1, found.Count);
        Assert.All(found, f => Assert.All(f.Value.Zip(tensors[f.Key]), p => Assert.Equal(p.Second, p.First, tolerance)));
    }

    [Fact]
    public void The_meta_model_starts_from_the_embedder_with_new_heads()
    {
        var path = Path.Combine(_folder, "one.onnx");
        File.WriteAllBytes(path, new TrainedStage(Spec, Truth.Weights(Graph.Parameters, Graph.Statistics)).ToOnnx());
        var meta = TrainingGraph.Build(
            Spec with { Head = HeadKind.Meta, Colors = 3, Shapes = 2 },
            new LossSpec { Auxiliary = 0.5f },
            2,
            ConvolutionPlan.StandardOperators);
        var found = WeightFile.Fit(path, meta.Parameters, meta.Statistics);
        string[] own = ["color.bias", "color.weight", "shape.bias", "shape.weight", "side.class.bias", "side.class.weight"];
        Assert.Equal(own, meta.Parameters.Select(p => p.Name).Except(found.Keys).Order(StringComparer.Ordinal));
        Assert.True(meta.Reads(TrainingGraph.Classes));
    }

    [Fact]
    public void A_bundle_with_a_shared_trunk_gives_the_weights_of_both_of_its_graphs()
    {
        var graph = WriteSharedBundle();
        var found = WeightFile.Fit(_folder, graph.Parameters, graph.Statistics);
        Assert.Equal(["head.weight"], graph.Parameters.Select(p => p.Name).Except(found.Keys));
    }

    [Fact]
    public void Heads_of_a_bundle_for_another_number_of_colors_are_left_out_and_those_of_a_file_are_an_error()
    {
        WriteSharedBundle();
        var other = SharedGraph(colors: 4);
        var found = WeightFile.Fit(_folder, other.Parameters, other.Statistics);
        string[] missing = ["color.bias", "color.weight", "head.weight"];
        Assert.Equal(missing, other.Parameters.Select(p => p.Name).Except(found.Keys).Order(StringComparer.Ordinal));
        var heads = other.Parameters.Where(p => p.Name.StartsWith("color.", StringComparison.Ordinal)).ToArray();
        var error = Assert.Throws<UserErrorException>(() => WeightFile.Fit(Path.Combine(_folder, "stage2.onnx"), heads, []));
        Assert.Contains("tensor 'color.weight' is [3,64], but the network needs [4,64]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_one_error_line()
    {
        var path = Path.Combine(_folder, "cut.safetensors");
        File.WriteAllBytes(path, [1, 2, 3]);
        var error = Assert.Throws<UserErrorException>(() => WeightFile.Read(path));
        Assert.StartsWith($"{path}: not a safetensors file, or damaged", error.Message, StringComparison.Ordinal);
    }

    private static NetworkSpec Spec => SomeNetwork.Embedder;

    private static TrainingGraph Graph { get; } = TrainingGraph.Build(Spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);

    private static TrainingGraph SharedGraph(int colors) => TrainingGraph.Build(
        Spec with { Head = HeadKind.Shared, Colors = colors, Shapes = 2 }, new LossSpec(), 2, ConvolutionPlan.StandardOperators);

    private TrainingGraph WriteSharedBundle()
    {
        var graph = SharedGraph(colors: 3);
        var stage = new TrainedStage(
            Spec with { Head = HeadKind.Shared, Colors = 3, Shapes = 2 }, Truth.Weights(graph.Parameters, graph.Statistics));
        var (one, two) = stage.ToSharedOnnx(WeightStorage.Int8);
        File.WriteAllBytes(Path.Combine(_folder, "stage1.onnx"), one);
        File.WriteAllBytes(Path.Combine(_folder, "stage2.onnx"), two);
        return graph;
    }

    private string Safetensors(string name, int[] shape, string type)
    {
        var count = shape.Aggregate(1, (p, d) => p * d);
        var header = Encoding.UTF8.GetBytes($$"""
            {"__metadata__":{"format":"pt"},
             "{{name}}": {"dtype":"{{type}}", "shape":[{{string.Join(',', shape)}}], "data_offsets":[0, {{count * 4}}] } }
            """);
        var path = Path.Combine(_folder, "net.safetensors");
        using var file = new BinaryWriter(File.Create(path));
        file.Write((long)header.Length);
        file.Write(header);
        Array.ForEach(Truth.Numbers("t", count), file.Write);
        return path;
    }
}
