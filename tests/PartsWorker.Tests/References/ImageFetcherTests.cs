using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Tests.References;

public sealed class ImageFetcherTests
{
    [Fact]
    public async Task The_scheme_selects_the_source_whatever_its_case_and_a_refusal_names_every_form()
    {
        var (one, two) = (new FakeSource("one://path"), new FakeSource("two://path", "three://path"));
        var fetcher = Fetcher(new ImageOptions(), one, two);
        (await fetcher.FetchAsync("THREE://x", null, CancellationToken.None)).Dispose();
        Assert.Equal((0, 1), (one.Reads, two.Reads));
        var failure = await FailureAsync(fetcher, "four://x");
        Assert.EndsWith("write one://path or two://path or three://path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transient_failure_is_retried_up_to_the_number_of_attempts()
    {
        var source = new FakeSource("one://path") { Read = (uri, _) => throw Refusals.Missing(uri, "not yet") };
        var options = new ImageOptions { Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(10) };
        var failure = await FailureAsync(Fetcher(options, source), "one://x");
        Assert.Equal((3, Recovery.Transient), (source.Reads, failure.Recovery));
    }

    [Theory]
    [InlineData("Permanent")]
    [InlineData("WithDependency")]
    public async Task A_failure_that_a_retry_cannot_help_is_not_retried(string recovery)
    {
        var source = new FakeSource("one://path")
        {
            Read = (uri, _) => throw Refusals.Missing(uri, "gone", Enum.Parse<Recovery>(recovery)),
        };
        await FailureAsync(Fetcher(new ImageOptions(), source), "one://x");
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task An_attempt_that_times_out_is_a_transient_failure_and_is_not_retried_here()
    {
        var source = new FakeSource("one://path") { Read = NeverAsync };
        var failure = await FailureAsync(Fetcher(new ImageOptions { AttemptTimeout = TimeSpan.FromMilliseconds(200) }, source), "one://x");
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
        Assert.Contains("not fetched within 0.2 s", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task The_total_timeout_ends_the_retries()
    {
        var source = new FakeSource("one://path") { Read = (uri, _) => throw Refusals.Missing(uri, "not yet") };
        var options = new ImageOptions
        {
            Attempts = 10,
            RetryDelay = TimeSpan.FromSeconds(10),
            TotalTimeout = TimeSpan.FromMilliseconds(300),
        };
        var started = Stopwatch.GetTimestamp();
        var failure = await FailureAsync(Fetcher(options, source), "one://x");
        Assert.Contains("not fetched within 0.3 s", failure.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_exception_that_a_source_does_not_expect_is_passed_on_and_not_retried()
    {
        var source = new FakeSource("one://path") { Read = (_, _) => throw new InvalidOperationException("our own fault") };
        var fetcher = Fetcher(new ImageOptions(), source);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => (await fetcher.FetchAsync("one://x", null, CancellationToken.None)).Dispose());
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task The_callers_cancellation_during_an_attempt_stays_a_cancellation()
    {
        using var caller = new CancellationTokenSource();
        var fetcher = Fetcher(new ImageOptions(), new FakeSource("one://path") { Read = NeverAsync });
        var fetching = fetcher.FetchAsync("one://x", null, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await fetching);
    }

    [Fact]
    public async Task An_image_with_another_checksum_is_disposed_and_read_again_before_it_counts_as_unreadable()
    {
        var images = new List<FetchedImage>();
        var source = new FakeSource("one://path")
        {
            Read = (_, _) =>
            {
                images.Add(new FetchedImage(ArrayPool<byte>.Shared.Rent(16), 8));
                return ValueTask.FromResult(images[^1]);
            },
        };
        var fetcher = Fetcher(new ImageOptions { Attempts = 2, RetryDelay = TimeSpan.FromMilliseconds(10) }, source);
        var failure = await FailureAsync(fetcher, "one://x", new string('0', 64));
        Assert.Equal((FailureKind.UnreadableImage, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Throws<ObjectDisposedException>(() => image.Bytes));
    }

    private static ImageFetcher Fetcher(ImageOptions options, params FakeSource[] sources) =>
        new(sources, options, TimeProvider.System, NullLogger<ImageFetcher>.Instance);

    private static async Task<PartFailureException> FailureAsync(ImageFetcher fetcher, string uri, string? sha256 = null) =>
        await Assert.ThrowsAsync<PartFailureException>(
            async () => (await fetcher.FetchAsync(uri, sha256, CancellationToken.None)).Dispose());

    private static async ValueTask<FetchedImage> NeverAsync(string uri, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new UnreachableException();
    }

    private sealed class FakeSource(params string[] forms) : IImageSource
    {
        public IReadOnlyList<string> Forms => forms;

        public int Reads { get; private set; }

        public Func<string, CancellationToken, ValueTask<FetchedImage>> Read { get; init; } =
            (_, _) => ValueTask.FromResult(new FetchedImage(ArrayPool<byte>.Shared.Rent(16), 8));

        public ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken)
        {
            Reads++;
            return Read(reference, cancellationToken);
        }
    }
}
