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

    [Theory]
    [InlineData("--epochs 0", "--epochs 0: must be 1 or more")]
    [InlineData("--epochs -1", "--epochs -1: must be 1 or more")]
    [InlineData("--meta-epochs 0", "--meta-epochs 0: must be 1 or more")]
    [InlineData("--steps -5", "--steps -5: must be 0 or more")]
    [InlineData("--minutes -1", "--minutes -1: must be 0..1000000")]
    [InlineData("--minutes NaN", "--minutes NaN: must be 0..1000000")]
    [InlineData("--batch 0", "--batch 0: must be 1 or more")]
    [InlineData("--dropout 1", "--dropout 1: must be 0..0.9")]
    [InlineData("--size 0", "--size 0: must be 8..2048")]
    public void A_number_out_of_range_is_refused_with_one_line(string words, string expected) =>
        Assert.Equal(expected, Assert.Throws<UserErrorException>(() => Adjust(words)).Message);

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    public void Feed_threads_out_of_range_are_refused(string threads)
    {
        var options = new TrainCommandOptions();
        var parsed = new Command("train") { options.AugmentationThreads }.Parse($"--feed-threads {threads}");
        var error = Assert.Throws<UserErrorException>(() => options.FeedThreads(parsed));
        Assert.Equal($"--feed-threads {threads}: must be 1..64", error.Message);
    }

    [Fact]
    public void Hard_negatives_reach_the_loss() => Assert.Equal(0.2f, Adjust("--hard-negatives 0.2").Loss.HardNegatives);

    [Theory]
    [InlineData("shared", "", 192)]
    [InlineData("transfer", "--epochs 2", 192)]
    [InlineData("shared", "--size 128", 0)]
    [InlineData("shared", "--sizes 64:0.5,96", 0)]
    [InlineData("shared", "--backbone resnet18", 0)]
    [InlineData("compact", "", 0)]
    public void The_larger_size_of_a_preset_belongs_to_its_own_sizes_and_network(string preset, string words, int expected) =>
        Assert.Equal(expected, Adjust(words, preset).ServingSize);

    [Theory]
    [InlineData("--seed 5", 5)]
    [InlineData("--seed 5 --validation-seed 1", 1)]
    public void The_seed_chooses_the_validation_images_unless_they_have_their_own(string words, int expected) =>
        Assert.Equal(expected, Adjust(words).SplitSeed);

    private static TrainingOptions Adjust(string words, string preset = "shared")
    {
        var (options, command) = (new TrainCommandOptions(), new Command("train"));
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse($"--data parts --run runs/a {words}");
        return options.Adjust(parsed, Presets.All.First(p => p.Name == preset).One).Options;
    }
}
