using System.Net;
using PartsWorker.Failures;
using PartsWorker.Tests.References;
using PartsWorker.Web;

namespace PartsWorker.Tests.Web;

public sealed class HttpSourceTests
{
    [Theory]
    [InlineData("404 Not Found", "Transient", 2)]
    [InlineData("410 Gone", "Permanent", 1)]
    [InlineData("401 Unauthorized", "Permanent", 1)]
    [InlineData("403 Forbidden", "Permanent", 1)]
    [InlineData("408 Request Timeout", "Transient", 2)]
    [InlineData("429 Too Many Requests", "Transient", 2)]
    [InlineData("500 Internal Server Error", "Transient", 2)]
    [InlineData("503 Service Unavailable", "Transient", 2)]
    public async Task The_status_decides_what_may_help(string status, string recovery, int requests)
    {
        await using var server = RawServer.Saying($"HTTP/1.1 {status}\nContent-Length: 0\nConnection: close");
        using var fetcher = Fetcher(server.Port);
        var failure = await Some.FailureAsync(fetcher, Address(server.Port));
        Assert.Equal((FailureKind.MissingImage, recovery), (failure.Kind, failure.Recovery.ToString()));
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task The_signature_of_a_signed_address_reaches_the_server_but_no_message()
    {
        await using var server = RawServer.Saying("HTTP/1.1 403 Forbidden\nContent-Length: 0");
        using var fetcher = Fetcher(server.Port);
        var failure = await Some.FailureAsync(fetcher, Address(server.Port) + "?X-Amz-Signature=geheim");
        Assert.Contains("geheim", server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_is_down_after_a_row_of_refused_connections_and_up_again_with_the_first_answer()
    {
        var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 6", "pixels"u8.ToArray());
        var port = server.Port;
        await server.DisposeAsync();
        using var fetcher = Fetcher(port);
        var recoveries = new List<Recovery>();
        for (var i = 0; i < 5; i++)
        {
            recoveries.Add((await Some.FailureAsync(fetcher, Address(port))).Recovery);
        }

        Assert.Equal(Recovery.Transient, recoveries[0]);
        Assert.Equal(Recovery.WithDependency, recoveries[^1]);
    }

    [Fact]
    public async Task A_connection_that_never_opens_is_our_time_limit_and_not_a_cancellation()
    {
        var dialer = new Dialer(
            (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return Stream.Null;
            });
        using var fetcher = Some.Fetcher(
            Some.Options(o =>
            {
                (o.Hosts, o.AllowPrivateNetworks) = (["cdn.example"], ["127.0.0.0/8"]);
                (o.ReadTimeout, o.Attempts) = (TimeSpan.FromMilliseconds(150), 1);
            }),
            dialer);
        var failure = await Some.FailureAsync(fetcher, "http://cdn.example/part.jpg");
        Assert.Equal((FailureKind.MissingImage, Recovery.Transient), (failure.Kind, failure.Recovery));
    }

    [Fact]
    public async Task A_first_address_that_does_not_answer_leaves_time_for_the_second()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 6", "pixels"u8.ToArray());
        var silent = IPAddress.Parse("127.0.0.9");
        var dialer = new Dialer(
            (_, _) => Task.FromResult(new[] { silent, IPAddress.Loopback }),
            async (endpoint, token) =>
            {
                await Task.Delay(endpoint.Address.Equals(silent) ? Timeout.Infinite : 0, token);
                return await Dialer.System.Connect(endpoint, token);
            });
        using var fetcher = Some.Fetcher(
            Some.Options(o =>
            {
                (o.Hosts, o.AllowPrivateNetworks) = ([$"cdn.example:{server.Port}"], ["127.0.0.0/8"]);
                (o.ReadTimeout, o.Attempts) = (TimeSpan.FromSeconds(2), 1);
            }),
            dialer);

        using var image = await fetcher.FetchAsync($"http://cdn.example:{server.Port}/part.jpg", null, CancellationToken.None);

        Assert.Equal("pixels"u8, image.Bytes.Span);
    }

    [Fact]
    public void One_dead_host_among_many_never_counts_as_storage_down()
    {
        var watch = new StorageWatch(configuredHosts: 20);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(Recovery.Transient, watch.Failed("camera-7")));
        watch.Failed("camera-8");
        Assert.Equal(Recovery.WithDependency, watch.Failed("camera-9"));
        watch.Succeeded();
        Assert.Equal(Recovery.Transient, watch.Failed("camera-9"));
    }

    private static string Address(int port) => $"http://127.0.0.1:{port}/part.jpg";

    private static TestFetcher Fetcher(int port) =>
        Some.Fetcher(Some.Options(o => (o.Hosts, o.AllowPrivateNetworks) = ([$"127.0.0.1:{port}"], ["127.0.0.1/32"])));
}
