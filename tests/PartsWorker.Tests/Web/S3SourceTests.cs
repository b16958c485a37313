using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using PartsWorker.Failures;
using PartsWorker.References;
using PartsWorker.Tests.References;
using PartsWorker.Web;

namespace PartsWorker.Tests.Web;

public sealed class S3SourceTests
{
    [Fact]
    public async Task An_object_of_a_listed_bucket_is_read_with_the_keys_from_files()
    {
        await using var store = await FakeS3.StartAsync();
        store.Objects["parts/line a/cam-1.jpg"] = "pixels"u8.ToArray();
        using var fetcher = Fetcher(store);
        using var image = await fetcher.FetchAsync("s3://parts/line%20a/cam-1.jpg", null, CancellationToken.None);
        Assert.Equal("pixels"u8, image.Bytes.Span);
        Assert.Equal(1, store.Requests);
    }

    [Fact]
    public async Task Further_objects_use_the_same_connection()
    {
        await using var store = await FakeS3.StartAsync();
        store.Objects["parts/cam-1.jpg"] = "pixels"u8.ToArray();
        var dialer = new RecordingDialer { Names = { ["127.0.0.1"] = ["127.0.0.1"] } };
        using var fetcher = Some.Fetcher(Options(store), dialer.Dialer);
        for (var i = 0; i < 3; i++)
        {
            using var image = await fetcher.FetchAsync("s3://parts/cam-1.jpg", null, CancellationToken.None);
        }

        Assert.Equal((3, 1), (store.Requests, dialer.Connected.Count));
    }

    [Fact]
    public async Task An_address_of_the_store_that_refuses_is_followed_by_the_next()
    {
        await using var store = await FakeS3.StartAsync();
        store.Objects["parts/cam-1.jpg"] = "pixels"u8.ToArray();
        // The store listens on 127.0.0.1 only.
        var dialer = new RecordingDialer { Names = { ["127.0.0.1"] = ["127.0.0.2", "127.0.0.1"] } };
        using var fetcher = Some.Fetcher(Options(store), dialer.Dialer);

        using var image = await fetcher.FetchAsync("s3://parts/cam-1.jpg", null, CancellationToken.None);

        Assert.Equal("pixels"u8, image.Bytes.Span);
        Assert.Equal(2, dialer.Connected.Count);
    }

    [Fact]
    public async Task An_object_over_the_limit_is_refused()
    {
        await using var store = await FakeS3.StartAsync();
        store.Objects["parts/large.jpg"] = new byte[64 * 1024 + 1];
        using var fetcher = Fetcher(store);
        Assert.Equal(FailureKind.TooLarge, (await Some.FailureAsync(fetcher, "s3://parts/large.jpg")).Kind);
    }

    [Theory]
    [InlineData(404, "NoSuchKey", "Transient", 2)]
    [InlineData(403, "AccessDenied", "Transient", 2)]
    [InlineData(503, "SlowDown", "Transient", 2)]
    [InlineData(503, "<not XML", "Transient", 2)]
    [InlineData(403, "SignatureDoesNotMatch", "WithDependency", 1)]
    [InlineData(403, "ExpiredToken", "WithDependency", 1)]
    public async Task The_stores_error_decides_what_may_help(int status, string code, string recovery, int requests)
    {
        await using var store = await FakeS3.StartAsync();
        store.Trouble = (status, code);
        using var fetcher = Fetcher(store);
        var failure = await Some.FailureAsync(fetcher, "s3://parts/part.jpg");
        Assert.Equal((FailureKind.MissingImage, recovery), (failure.Kind, failure.Recovery.ToString()));
        Assert.Equal(requests, store.Requests);
    }

    [Fact]
    public async Task A_store_that_does_not_accept_the_connection_in_time_is_a_missing_image()
    {
        await using var store = await FakeS3.StartAsync();
        var silent = new RecordingDialer { Names = { ["127.0.0.1"] = ["127.0.0.1"] } }.Dialer with
        {
            Connect = async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                throw new UnreachableException();
            },
        };
        var options = Options(store);
        options.ReadTimeout = TimeSpan.FromMilliseconds(100);

        // This clock does not advance, so only the connection's own limit ends the wait.
        using var source = new S3Source(options, silent, new FakeTimeProvider());
        var failure = await Assert.ThrowsAsync<PartFailureException>(
            async () => await source.ReadAsync("s3://parts/part.jpg", CancellationToken.None));
        Assert.Equal(FailureKind.MissingImage, failure.Kind);
    }

    [Fact]
    public async Task A_secret_file_that_is_still_empty_is_a_missing_image()
    {
        await using var store = await FakeS3.StartAsync();
        await File.WriteAllTextAsync(store.SecretFile, "\n");
        using var fetcher = Fetcher(store);
        var failure = await Some.FailureAsync(fetcher, "s3://parts/part.jpg");
        Assert.Equal(FailureKind.MissingImage, failure.Kind);
        Assert.EndsWith("Images:S3 has an access key but no secret key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_of_the_store_is_not_followed()
    {
        await using var store = await FakeS3.StartAsync();
        store.Trouble = (307, "TemporaryRedirect");
        using var fetcher = Fetcher(store);
        Assert.Equal(FailureKind.ForbiddenReference, (await Some.FailureAsync(fetcher, "s3://parts/part.jpg")).Kind);
        Assert.Equal(1, store.Requests);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_storage_down_after_a_row_of_failures()
    {
        var store = await FakeS3.StartAsync();
        using var fetcher = Fetcher(store);
        await store.DisposeAsync();
        Recovery last = default;
        for (var i = 0; i < 5; i++)
        {
            last = (await Some.FailureAsync(fetcher, "s3://parts/part.jpg")).Recovery;
        }

        Assert.Equal(Recovery.WithDependency, last);
    }

    private static TestFetcher Fetcher(FakeS3 store)
    {
        var dialer = new RecordingDialer { Names = { ["127.0.0.1"] = ["127.0.0.1"] } };
        return Some.Fetcher(Options(store), dialer.Dialer);
    }

    private static ImageOptions Options(FakeS3 store) => Some.Options(o =>
    {
        o.Buckets = ["parts"];
        o.S3 = new() { Endpoint = store.Endpoint, AccessKey = "key-id", SecretKeyFile = store.SecretFile };
    });
}
