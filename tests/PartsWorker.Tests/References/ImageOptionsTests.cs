using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PartsWorker.Hosting;
using PartsWorker.References;

namespace PartsWorker.Tests.References;

public sealed class ImageOptionsTests
{
    [Theory]
    [InlineData("Images:Roots:0", "images")]
    [InlineData("Images:Roots:0", "/")]
    [InlineData("Images:Hosts:0", "https://cdn.example/")]
    [InlineData("Images:Hosts:0", "*.example")]
    [InlineData("Images:Hosts:0", "user@cdn.example")]
    [InlineData("Images:AllowPrivateNetworks:0", "10.0.0.0")]
    [InlineData("Images:AllowPrivateNetworks:0", "ten")]
    [InlineData("Images:MaxBytes", "10")]
    [InlineData("Images:Attempts", "0")]
    [InlineData("Images:ReadTimeout", "00:00:20")]
    [InlineData("Images:S3:Endpoint", "minio")]
    [InlineData("Images:Map:0:From", "cams")]
    public void A_bad_setting_stops_the_start_and_is_named(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Load((key, value)));
        Assert.Contains(key.Split(':')[1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_readable_by_default()
    {
        var options = Load();
        Assert.Empty(options.Roots);
        Assert.Empty(options.Hosts);
        Assert.Empty(options.Buckets);
        Assert.Empty(options.AllowPrivateNetworks);
    }

    [Theory]
    [InlineData("cdn.example")]
    [InlineData("cdn.example:8443")]
    [InlineData("10.1.2.3:9000")]
    [InlineData("[fd00::1]:9000")]
    public void Hosts_are_names_or_addresses_with_or_without_port(string host) =>
        Assert.Equal(host, Load(("Images:Hosts:0", host)).Hosts[0]);

    [Fact]
    public void A_start_from_which_no_image_can_be_fetched_warns()
    {
        Assert.Contains("Images:Roots:0", Assert.Single(Warnings()), StringComparison.Ordinal);
        Assert.Contains(
            "/no/such/folder",
            Assert.Single(Warnings(("Images:Roots:0", "/no/such/folder"), ("Images:Roots:1", "/tmp/"))),
            StringComparison.Ordinal);
        Assert.Empty(Warnings(("Images:Buckets:0", "parts")));
    }

    private static List<string> Warnings(params (string Key, string Value)[] settings)
    {
        var log = new WarningLog();
        using var provider = Services(settings).AddSingleton<ILogger<ImageFetcher>>(log).BuildServiceProvider();
        provider.GetRequiredService<ImageFetcher>();
        return log.Lines;
    }

    private static ImageOptions Load(params (string Key, string Value)[] settings)
    {
        using var provider = Services(settings).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ImageOptions>>().Value;
    }

    private static IServiceCollection Services((string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        return services.AddLogging().AddImages();
    }

    private sealed class WarningLog : ILogger<ImageFetcher>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
