using PartsWorker.Commands;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Tests.Commands;

public sealed class ResultsCommandTests
{
    [Theory]
    [InlineData("results", "give one of --follow, --bind-mqtt and --unbind-mqtt")]
    [InlineData("results --follow --bind-mqtt", "give one of --follow, --bind-mqtt and --unbind-mqtt")]
    [InlineData("results --bind-mqtt --line A", "--line, --camera and --decision belong to --follow")]
    public async Task A_wrong_combination_of_options_is_one_line_with_the_remedy(string words, string expected)
    {
        var command = CommandLine.Create(new Settings([], WorkerSections.Keys)).Parse(words.Split(' '));

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => command.InvokeAsync(new() { EnableDefaultExceptionHandler = false }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
