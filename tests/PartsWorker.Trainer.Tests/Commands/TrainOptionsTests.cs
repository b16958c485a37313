using System.CommandLine;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Commands;

public sealed class TrainOptionsTests
{
    [Fact]
    public void Another_augmentation_replaces_that_of_the_preset_and_its_parts_can_still_be_given()
    {
        var augmentation = Adjust("--augmentation line-camera --cutmix 0.2").Augmentation;

        Assert.Equal(AugmentationOptions.LineCamera with { CutMix = 0.2f }, augmentation);
        Assert.Equal("line-camera", augmentation.Name);
    }

    [Fact]
    public void Without_the_option_the_preset_decides() => Assert.Equal(AugmentationOptions.Transfer, Adjust("").Augmentation);

    [Fact]
    public void An_unknown_augmentation_is_refused_with_the_known_names()
    {
        var error = Assert.Throws<UserErrorException>(() => Adjust("--augmentation belt"));
        Assert.Equal("--augmentation belt: must be one of handheld, line-camera, none, scenes, transfer", error.Message);
    }

    [Theory]
    [InlineData("--hard-negatives 1.5", "--hard-negatives 1.5: must be 0..1")]
    [InlineData("--hard-negatives -0.1", "--hard-negatives -0.1: must be 0..1")]
    public void A_weight_of_hard_negatives_out_of_range_is_refused(string words, string expected) =>
        Assert.Equal(expected, Assert.Throws<UserErrorException>(() => Adjust(words)).Message);

    [Fact]
    public void Hard_negatives_reach_the_loss() => Assert.Equal(0.2f, Adjust("--hard-negatives 0.2").Loss.HardNegatives);

    private static TrainingOptions Adjust(string words)
    {
        var (options, command) = (new TrainCommandOptions(), new Command("train"));
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse($"--data parts --run runs/a {words}");
        return options.Adjust(parsed, Presets.All.First(p => p.Name == "shared").One).Options;
    }
}
