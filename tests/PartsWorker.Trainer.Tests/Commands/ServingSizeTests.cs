using System.CommandLine;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Commands;

public sealed class ServingSizeTests
{
    [Theory]
    [InlineData("shared", "", 192)]
    [InlineData("transfer", "--epochs 2", 192)]
    [InlineData("shared", "--size 128", 0)]
    [InlineData("shared", "--sizes 64:0.5,96", 0)]
    [InlineData("shared", "--backbone resnet18", 0)]
    [InlineData("compact", "", 0)]
    public void The_larger_size_of_a_preset_belongs_to_its_own_sizes_and_network(string preset, string words, int expected)
    {
        var (options, command) = (new TrainCommandOptions(), new Command("train"));
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse($"--data parts --run runs/a {words}");
        Assert.Equal(expected, options.Adjust(parsed, Presets.All.First(p => p.Name == preset).One).Options.ServingSize);
    }
}
