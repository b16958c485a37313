using System.CommandLine;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Commands;

public sealed class WeightsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights-command").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_lists_checks_and_exports()
    {
        var path = Path.Combine(_folder, "out.safetensors");
        using var output = new StringWriter();
        Assert.Equal(0, WeightsCommand.Run(StartingWeights.Known, path, output));
        Assert.Contains("resnet18-cntk, 15,897,152 parameters", output.ToString(), StringComparison.Ordinal);
        var (exported, original) = (WeightFile.Read(path), StartingWeights.Known[0].Read());
        Assert.Equal(original.Keys, exported.Keys);
        Assert.All(original, t => Assert.True(t.Value.Data.AsSpan().SequenceEqual(exported[t.Key].Data), t.Key));
    }

    [Fact]
    public void The_command_reports_a_missing_file_with_exit_code_1()
    {
        using var output = new StringWriter();
        Assert.Equal(1, WeightsCommand.Run([StartingWeights.Known[0] with { Folder = _folder }], null, output));
        Assert.Contains("are missing; restore NuGet package", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_exports_to_no_other_format() => Assert.Equal(
        2, Assert.Throws<UserErrorException>(() => WeightsCommand.Run(StartingWeights.Known, "out.onnx", TextWriter.Null)).ExitCode);

    [Theory]
    [InlineData("--weights resnet18-imagenet", true)]
    [InlineData("--weights none", false)]
    [InlineData("", false)]
    public void Known_weights_bring_the_normalization_that_they_were_made_for(string words, bool normalized)
    {
        var (options, command) = (new TrainCommandOptions(), new Command("train"));
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse($"--data parts --run runs/a {words}");
        var plan = options.Adjust(parsed, Presets.All.First(p => p.Name == "compact").One);
        Assert.Equal(normalized, plan.Options.Network.ImageNetPixels);
    }
}
