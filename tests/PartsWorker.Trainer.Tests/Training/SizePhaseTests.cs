using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class SizePhaseTests
{
    [Fact]
    public void The_sizes_of_a_run_are_written_with_the_share_at_which_each_one_ends() =>
        Assert.Equal([new SizePhase(128, 0), new SizePhase(144, 0.5), new SizePhase(160, 0.75)], SizePhase.Parse("128:0.5,144:0.75,160"));

    [Theory]
    [InlineData("128:0.6")]
    [InlineData("128,160")]
    [InlineData("128:0.6,144:0.5,160")]
    [InlineData("128:1.5,160")]
    [InlineData("small:0.6,160")]
    [InlineData("0:0.6,160")]
    [InlineData("128:0.6,99999999999")]
    [InlineData("")]
    public void Sizes_in_another_form_are_refused(string text) => Assert.Throws<FormatException>(() => SizePhase.Parse(text));
}
