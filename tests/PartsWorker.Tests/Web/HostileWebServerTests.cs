using System.IO.Compression;
using PartsWorker.Failures;
using PartsWorker.References;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Web;

/// <summary>Listed hosts that answer badly: each answer ends in bounded time and memory, with its own reason.</summary>
public sealed class HostileWebServerTests
{
    private static readonly byte[] Pixels = "pixels"u8.ToArray();
    private readonly RecordingDialer _dialer = new();

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    public async Task A_redirect_to_the_metadata_address_is_not_followed(string status)
    {
        await using var server = RawServer.Saying($"HTTP/1.1 {status}\nLocation: http://169.254.169.254/latest/\nContent-Length: 0");
        var failure = await FailureAsync(server);
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains("redirects are not followed", failure.Message, StringComparison.Ordinal);
        Assert.All(_dialer.Connected, endpoint => Assert.Equal(server.Port, endpoint.Port));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_of_one_byte_at_a_time_is_left_after_the_time_for_one_try()
    {
        await using var server = new RawServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync(Pixels.AsMemory(0, 1), token);
                await Task.Delay(20, token);
            }
        });
        var failure = await FailureAsync(server, o => o.AttemptTimeout = o.ReadTimeout = TimeSpan.FromMilliseconds(300));
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
        Assert.Contains("not fetched within 0.3 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_after_the_time_for_one_read()
    {
        await using var server = new RawServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npix"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        var failure = await FailureAsync(server, o => (o.ReadTimeout, o.Attempts) = (TimeSpan.FromMilliseconds(200), 1));
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
        Assert.Contains("no answer for 0.2 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_body_is_cut_at_the_byte_limit()
    {
        await using var server = new RawServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync(new byte[16 * 1024], token);
            }
        });
        var failure = await FailureAsync(server);
        Assert.Equal((FailureKind.TooLarge, Recovery.Permanent), (failure.Kind, failure.Recovery));
    }

    [Fact]
    public async Task An_announced_length_over_the_limit_is_refused_without_reading_the_body()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 99999999999", Pixels);
        Assert.Equal(FailureKind.TooLarge, (await FailureAsync(server)).Kind);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_body_is_refused_and_never_inflated(string encoding)
    {
        await using var server = RawServer.Saying($"HTTP/1.1 200 OK\nContent-Encoding: {encoding}\nConnection: close", GzipBomb());
        var failure = await FailureAsync(server);
        Assert.Equal((FailureKind.UnreadableImage, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains("the body is encoded", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Accept-Encoding", server.Requests[0], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_no_image()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 1000", Pixels);
        var failure = await FailureAsync(server);
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
        Assert.Contains("ended before its announced length", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_longer_than_announced_gives_only_what_was_announced()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 3", Pixels);
        using var fetcher = Fetcher(server, null);
        using var image = await fetcher.FetchAsync(Address(server), null, CancellationToken.None);
        Assert.Equal("pix"u8, image.Bytes.Span);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nX-Long: " + new string('x', 100_000), Pixels);
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), await KindAsync(server));
    }

    [Fact]
    public async Task An_answer_that_is_not_http_is_transient()
    {
        await using var server = RawServer.Saying("SSH-2.0-OpenSSH_9.2");
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), await KindAsync(server));
    }

    private static byte[] GzipBomb()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(new byte[32 * 1024 * 1024]);
        }

        return bomb.ToArray();
    }

    private static string Address(RawServer server) => $"http://127.0.0.1:{server.Port}/part.jpg";

    private TestFetcher Fetcher(RawServer server, Action<ImageOptions>? change) => Some.Fetcher(
        Some.Options(o =>
        {
            (o.Hosts, o.AllowPrivateNetworks) = ([$"127.0.0.1:{server.Port}"], ["127.0.0.0/8"]);
            change?.Invoke(o);
        }),
        _dialer.Dialer);

    private async Task<PartFailureException> FailureAsync(RawServer server, Action<ImageOptions>? change = null)
    {
        using var fetcher = Fetcher(server, change);
        return await Some.FailureAsync(fetcher, Address(server));
    }

    private async Task<(FailureKind, Recovery)> KindAsync(RawServer server)
    {
        var failure = await FailureAsync(server);
        return (failure.Kind, failure.Recovery);
    }
}
