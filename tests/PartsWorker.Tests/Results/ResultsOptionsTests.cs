using Microsoft.Extensions.Configuration;
using PartsWorker.Configuration;
using PartsWorker.Results;

namespace PartsWorker.Tests.Results;

public sealed class ResultsOptionsTests
{
    [Fact]
    public void Nothing_is_published_unless_asked()
    {
        var options = Read();

        Assert.False(options.Publish);
        Assert.False(options.PublishReprocessed);
    }

    [Fact]
    public void Publishing_only_what_is_reprocessed_is_refused() =>
        Assert.Contains(
            "PublishReprocessed needs Results:Publish=true",
            Assert.Throws<UserErrorException>(() => Read("PublishReprocessed")).Message, StringComparison.Ordinal);

    private static ResultsOptions Read(params string[] on) => CommandOptions.Read<ResultsOptions>(
        new ConfigurationBuilder()
            .AddInMemoryCollection(on.Select(key => new KeyValuePair<string, string?>($"Results:{key}", "true")))
            .Build(),
        ResultsOptions.Section);
}
