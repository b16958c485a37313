using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Failures;
using PartsWorker.References;
using PartsWorker.Tests.Web;
using PartsWorker.Web;

namespace PartsWorker.Tests.References;

/// <summary>Fetchers for tests: short times, and a door that records every attempt to leave.</summary>
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

    public static ImageFetcher Fetcher(ImageOptions options, NetworkDoor? door = null) =>
        new(options, door ?? new RecordingDoor().Door, TimeProvider.System, NullLogger<ImageFetcher>.Instance);

    public static async Task<PartFailureException> FailureAsync(ImageFetcher fetcher, string uri, string? sha256 = null) =>
        await Assert.ThrowsAsync<PartFailureException>(async () => (await fetcher.FetchAsync(uri, sha256, CancellationToken.None)).Dispose());
}
