using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>These tests read the file that the build links beside them.</summary>
public sealed class StartingWeightsTests : IDisposable
{
    private static readonly StartingWeights Weights = StartingWeights.Named(StartingWeights.Default)!;
    private readonly string _folder = Directory.CreateTempSubdirectory("starting-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_tensor_of_the_network_is_found_by_name()
    {
        var graph = Graph("resnet18-cntk");
        var found = WeightFile.Fit(StartingWeights.Default, graph.Parameters, graph.Statistics);
        Assert.Equal(
            ["color.bias", "color.weight", "shape.bias", "shape.weight"],
            graph.Parameters.Select(p => p.Name).Except(found.Keys).Order(StringComparer.Ordinal));
        Assert.All(graph.Statistics, s => Assert.True(found.ContainsKey(s.MeanName) && found.ContainsKey(s.VarianceName)));
    }

    [Fact]
    public void A_network_of_another_depth_is_refused()
    {
        var graph = Graph("resnet18");
        var error = Assert.Throws<UserErrorException>(() => WeightFile.Fit(StartingWeights.Default, graph.Parameters, graph.Statistics));
        Assert.Equal(
            "resnet18-imagenet: the network has no 'layer4.2.conv1.weight'; these weights are for --backbone resnet18-cntk", error.Message);
    }

    [Fact]
    public void The_file_given_by_path_has_the_same_tensors_as_its_name()
    {
        var byPath = WeightFile.Read(Weights.FilePath);
        Assert.Equal(WeightFile.Read(StartingWeights.Default)["conv1.weight"].Data, byPath["conv1.weight"].Data);
        Assert.Equal(22 * 5, byPath.Count);
    }

    [Fact]
    public void A_file_with_another_hash_is_one_line_with_both_hashes()
    {
        var copy = Weights with { Folder = _folder };
        File.WriteAllBytes(copy.FilePath, [1, 2, 3]);
        var error = Assert.Throws<UserErrorException>(copy.Read);
        Assert.Equal(1, error.ExitCode);
        Assert.Equal(
            $"{copy.FilePath}: not the file of Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1: its SHA-256 is "
                + "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81, expected "
                + "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f",
            error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_missing_file_names_the_package_and_the_way_without_it(bool danglingLink)
    {
        var copy = Weights with { Folder = _folder };
        if (danglingLink)
        {
            File.CreateSymbolicLink(copy.FilePath, Path.Combine(_folder, "gone.onnx"));
        }

        Assert.False(copy.Exists);
        Assert.Equal(
            $"{copy.FilePath}: the starting weights 'resnet18-imagenet' are missing; restore NuGet package "
                + "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1 and build again, or give a weight file. "
                + "--weights none trains from random weights",
            Assert.Throws<UserErrorException>(copy.Find).Message);
    }

    [Theory]
    [InlineData("resnet18-imagenet", true)]
    [InlineData("none", false)]
    [InlineData("resnet34-imagenet", false)]
    public void Only_known_names_with_a_file_are_available(string name, bool available) =>
        Assert.Equal(available, StartingWeights.IsAvailable(name));

    [Fact]
    public void None_means_no_weights() => Assert.Null(StartingWeights.Chosen(StartingWeights.None));

    private static TrainingGraph Graph(string backbone) => TrainingGraph.Build(
        new NetworkSpec { Backbone = backbone, Head = HeadKind.Meta, InputSize = 64, Colors = 2, Shapes = 2 },
        new LossSpec(),
        2,
        ConvolutionPlan.StandardOperators);
}
