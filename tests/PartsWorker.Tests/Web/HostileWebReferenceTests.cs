using PartsWorker.Failures;
using PartsWorker.Tests.References;

namespace PartsWorker.Tests.Web;

/// <summary>Web references that point to hosts that are not listed: each is refused for its own reason, before a connection.</summary>
public sealed class HostileWebReferenceTests
{
    private readonly RecordingDialer _dialer = new();

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/", "not listed in Images:Hosts")]
    [InlineData("http://localhost/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://127.0.0.1/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://[::1]/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://[::ffff:169.254.169.254]/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://[fd00:ec2::254]/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://2852039166/latest/", "not a plain URL")]
    [InlineData("http://0xA9FEA9FE/latest/", "not a plain URL")]
    [InlineData("http://0251.0376.0251.0376/latest/", "not a plain URL")]
    [InlineData("http://127.1/part.jpg", "not a plain URL")]
    [InlineData("http://cdn.example@169.254.169.254/part.jpg", "user info")]
    [InlineData("https://user:secret@cdn.example/part.jpg", "user info")]
    [InlineData("http://cdn.example:80@evil.example/part.jpg", "user info")]
    [InlineData("http://cdn.example\\@evil.example/part.jpg", "user info")]
    [InlineData("http://evil.example\\.cdn.example/part.jpg", "backslashes")]
    [InlineData("http://cdn.example/part.jpg\r\nHost: evil", "control characters")]
    [InlineData("http://cdn.example/a b.jpg", "blanks")]
    [InlineData("http://cdn.example:22/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://cdn.example./part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://cdn.example.evil.example/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://evilcdn.example/part.jpg", "not listed in Images:Hosts")]
    [InlineData("http://%63dn.example/part.jpg", "not a plain URL")]
    [InlineData("http://\u24D2dn.example/part.jpg", "not a plain URL")]
    [InlineData("http:///part.jpg", "not a plain URL")]
    [InlineData("http://", "not a plain URL")]
    [InlineData("gopher://cdn.example/part.jpg", "write file:///path")]
    [InlineData("http:cdn.example/part.jpg", "write file:///path")]
    public async Task A_host_that_is_not_listed_in_its_plain_form_is_refused_before_its_name_is_looked_up(string uri, string reason)
    {
        using var fetcher = Some.Fetcher(Some.Options(o => o.Hosts = ["cdn.example"]), _dialer.Dialer);
        var failure = await Some.FailureAsync(fetcher, uri);
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_dialer.Resolved);
        Assert.Empty(_dialer.Connected);
    }

    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("10.1.2.3", "private")]
    [InlineData("172.31.0.1", "private")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("100.64.0.1", "carrier-grade NAT")]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::1", "loopback")]
    [InlineData("::", "unspecified")]
    [InlineData("::ffff:10.1.2.3", "private")]
    [InlineData("::10.1.2.3", "IPv4-compatible")]
    [InlineData("64:ff9b::a9fe:a9fe", "NAT64")]
    [InlineData("64:ff9b:1::1", "NAT64")]
    [InlineData("2002:a9fe:a9fe::1", "6to4")]
    [InlineData("2001:0:1::1", "protocol assignments")]
    [InlineData("fd00:ec2::254", "unique local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    public async Task A_listed_name_that_resolves_to_a_special_address_is_refused(string address, string reason)
    {
        _dialer.Names["cdn.example"] = [address];
        await RefusedAsync(reason);
    }

    [Fact]
    public async Task One_private_address_among_public_ones_refuses_the_name()
    {
        _dialer.Names["cdn.example"] = ["8.8.8.8", "10.0.0.1"];
        await RefusedAsync("10.0.0.1 (private)");
    }

    [Fact]
    public async Task The_address_is_looked_up_once_and_that_very_address_is_connected_to()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\nContent-Length: 6", "pixels"u8.ToArray());
        _dialer.Names["cdn.example"] = ["127.0.0.1"];
        using var fetcher = Some.Fetcher(
            Some.Options(o => (o.Hosts, o.AllowPrivateNetworks) = ([$"cdn.example:{server.Port}"], ["127.0.0.0/8"])), _dialer.Dialer);
        using var image = await fetcher.FetchAsync($"http://cdn.example:{server.Port}/part.jpg", null, CancellationToken.None);
        Assert.Equal("pixels"u8, image.Bytes.Span);
        Assert.Equal("cdn.example", Assert.Single(_dialer.Resolved));
        Assert.Equal("127.0.0.1", Assert.Single(_dialer.Connected).Address.ToString());
    }

    [Theory]
    [InlineData("s3://other/part.jpg", "not listed in Images:Buckets")]
    [InlineData("s3://parts@other/part.jpg", "not listed in Images:Buckets")]
    [InlineData("s3:///part.jpg", "not listed in Images:Buckets")]
    [InlineData("s3://PARTS/part.jpg", "not listed in Images:Buckets")]
    [InlineData("s3://parts", "write s3://bucket/key")]
    [InlineData("s3://parts/", "write s3://bucket/key")]
    [InlineData("s3://parts//part.jpg", "write s3://bucket/key")]
    [InlineData("s3://parts/../other/part.jpg", "'.' and '..'")]
    [InlineData("s3://parts/%2e%2e/other/part.jpg", "'.' and '..'")]
    [InlineData("s3://parts/part.jpg?versionId=1", "'?' and '#'")]
    public async Task A_bucket_that_is_not_listed_or_a_key_that_climbs_is_refused(string uri, string reason)
    {
        using var fetcher = Some.Fetcher(Some.Options(o => o.Buckets = ["parts"]), _dialer.Dialer);
        var failure = await Some.FailureAsync(fetcher, uri);
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_dialer.Resolved);
    }

    private async Task RefusedAsync(string reason)
    {
        using var fetcher = Some.Fetcher(Some.Options(o => o.Hosts = ["cdn.example"]), _dialer.Dialer);
        var failure = await Some.FailureAsync(fetcher, "https://cdn.example/part.jpg");
        Assert.Equal((FailureKind.ForbiddenReference, Recovery.Permanent), (failure.Kind, failure.Recovery));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal("cdn.example", Assert.Single(_dialer.Resolved));
        Assert.Empty(_dialer.Connected);
    }
}
