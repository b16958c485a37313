using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Refreshing;

public sealed class FineTuningTests
{
    [Fact]
    public void Only_options_that_were_given_are_compared_with_those_of_a_run_that_continues()
    {
        var network = Presets.All[0].One!.Options.Network;
        var asked = new FineTuning { Seed = 2, Threads = 1 }.PlanFor(network, "start.ckpt", images: 100, sixteenBit: null);
        var plain = new FineTuning().PlanFor(network, "start.ckpt", images: 100, sixteenBit: null);

        Assert.Empty(plain.Given);
        Assert.Equal(
            ["ignored --seed 2: the run was started with 1", "ignored --threads 1: the run was started with 0"],
            asked.Given.Select(option => option.Ignored(asked.Options, plain.Options)));
    }
}
