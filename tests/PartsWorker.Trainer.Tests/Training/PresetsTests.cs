using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class PresetsTests
{
    public static TheoryData<string> WithTwoNetworks =>
        [.. Presets.All.Where(preset => preset.Two is not null).Select(preset => preset.Name)];

    // A bundle has one size for both networks; export refuses a run with two.
    [Theory]
    [MemberData(nameof(WithTwoNetworks))]
    public void Both_networks_of_a_preset_are_trained_at_the_size_that_its_bundle_reads(string name)
    {
        var preset = Presets.All.Single(p => p.Name == name);
        Assert.Equal(preset.One.Options.Network.InputSize, preset.Two!.Options.Network.InputSize);
        Assert.Equal(preset.One.Options.ServingSize, preset.Two.Options.ServingSize);
    }
}
