using System.CommandLine;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Tests.Commands;

public sealed class ExportOptionsTests
{
    private readonly ExportCommandOptions _options = new();

    [Theory]
    [InlineData("--accuracy 98", "--accuracy 98: must be 0..1")]
    [InlineData("--golden 0", "--golden 0: must be 1..1000")]
    [InlineData("--gallery-per-class -1", "--gallery-per-class -1: must be 0 or more")]
    [InlineData("--gallery-views 33", "--gallery-views 33: must be 0..32")]
    [InlineData("--calibration-views -1", "--calibration-views -1: must be 0..32")]
    public void A_number_out_of_range_is_refused_with_one_line(string words, string expected) =>
        Assert.Equal(expected, Assert.Throws<UserErrorException>(() => _options.RequireInRange(Parse(words))).Message);

    [Fact]
    public void The_defaults_are_in_range() => _options.RequireInRange(Parse(""));

    [Fact]
    public void The_storage_is_given_in_one_way()
    {
        Assert.Equal(WeightStorage.Fp16, _options.Storage(Parse("--half")));
        Assert.Equal(WeightStorage.Int8, _options.Storage(Parse("--store-as int8")));
        var error = Assert.Throws<UserErrorException>(() => _options.Storage(Parse("--half --store-as int8")));
        Assert.StartsWith("--half cannot be used with --store-as", error.Message, StringComparison.Ordinal);
    }

    private ParseResult Parse(string words)
    {
        var command = new Command("export");
        foreach (var option in _options.All)
        {
            command.Options.Add(option);
        }

        return command.Parse(words);
    }
}
