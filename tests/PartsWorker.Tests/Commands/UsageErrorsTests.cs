using System.CommandLine;
using PartsWorker.Commands;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Tests.Commands;

public sealed class UsageErrorsTests
{
    [Theory]
    [InlineData(
        "dead-letters show nope",
        "'nope' is not an image id; partsworker dead-letters list shows them (see partsworker dead-letters show --help)")]
    [InlineData("run --Model:Bundle X", "--Model:Bundle is a setting: write --Model:Bundle=value, with '=' and without a space")]
    [InlineData("models verify", "Required argument 'folder' missing for command: 'verify' (see partsworker models verify --help)")]
    [InlineData(
        "reprocess --model m@1 --from 20.11.2026 --to 2026-11-21",
        "'20.11.2026' is not a date or time; write 2026-11-20 or 2026-11-20T22:00:00Z (see partsworker reprocess --help)")]
    public void A_usage_error_is_one_line_with_the_remedy(string words, string expected)
    {
        var error = Assert.Throws<UserErrorException>(() => UsageErrors.Throw(Parse(words)));

        Assert.Equal(expected, error.Message);
        Assert.Equal(2, error.ExitCode);
    }

    [Theory]
    [InlineData("models list")]
    [InlineData("models")]
    [InlineData("models verify --help")]
    public void A_valid_line_a_missing_subcommand_and_help_are_left_to_the_library(string words) => UsageErrors.Throw(Parse(words));

    [Fact]
    public void Every_command_has_help_with_an_example()
    {
        foreach (var path in Paths("", CommandLine.Create(new Settings([], WorkerSections.Keys))))
        {
            var output = new StringWriter();
            Parse($"{path} --help").Invoke(new() { Output = output });

            Assert.Contains($"partsworker {path}", output.ToString(), StringComparison.Ordinal);
            Assert.Contains("Example", output.ToString(), StringComparison.Ordinal);
        }
    }

    private static ParseResult Parse(string words) =>
        CommandLine.Create(new Settings([], WorkerSections.Keys)).Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Paths(string path, Command command) =>
        command.Subcommands.Select(below => (Path: $"{path} {below.Name}".Trim(), Command: below))
            .SelectMany(below => Paths(below.Path, below.Command).Prepend(below.Path));
}
