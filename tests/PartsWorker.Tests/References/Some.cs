using Microsoft.Extensions.DependencyInjection;
using PartsWorker.Failures;
using PartsWorker.Hosting;
using PartsWorker.References;
using PartsWorker.Tests.Web;
using PartsWorker.Web;

namespace PartsWorker.Tests.References;

/// <summary>Fetchers for tests: short times, and a dialer that records every connection attempt.</summary>
internal static class Some
{
    public static ImageOptions Options(Action<ImageOptions>? change = null)
    {
        var options = new ImageOptions
        {
            MaxBytes = 64 * 1024,
            Attempts = 2,
            RetryDelay = TimeSpan.FromMilliseconds(10),
        };
        change?.Invoke(options);
        return options;
    }

    public static TestFetcher Fetcher(ImageOptions options, Dialer? dialer = null) => new(new ServiceCollection()
        .AddLogging()
        .AddImages()
        .AddSingleton(options)
        .AddSingleton(dialer ?? new RecordingDialer().Dialer)
        .BuildServiceProvider());

    public static async Task<PartFailureException> FailureAsync(TestFetcher fetcher, string uri, string? sha256 = null) =>
        await Assert.ThrowsAsync<PartFailureException>(
            async () => (await fetcher.FetchAsync(uri, sha256, CancellationToken.None)).Dispose());
}

/// <summary>The fetcher as the worker composes it, together with its sources, which it disposes.</summary>
internal sealed class TestFetcher(ServiceProvider services) : IDisposable
{
    private readonly ImageFetcher _fetcher = services.GetRequiredService<ImageFetcher>();

    public ValueTask<FetchedImage> FetchAsync(string uri, string? sha256, CancellationToken cancellationToken) =>
        _fetcher.FetchAsync(uri, sha256, cancellationToken);

    public void Dispose() => services.Dispose();
}
