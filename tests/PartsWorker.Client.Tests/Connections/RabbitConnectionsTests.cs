using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace PartsWorker.Client.Tests.Connections;

public sealed class RabbitConnectionsTests
{
    [Theory]
    [InlineData("amqp://u:p@h", "u", "p", "/", "h:5672")]
    [InlineData("amqps://u:p@h/plant", "u", "p", "plant", "h:5671")]
    [InlineData("amqp://h:1234", "guest", "guest", "/", "h:1234")]
    [InlineData("amqp://p%40x:a%2Fb%3A@h1,h2:7/%2Fv", "p@x", "a/b:", "/v", "h1:5672 h2:7")]
    [InlineData("amqp://u:p@ss:w@[::1]:9/", "u", "p@ss:w", "/", "::1:9")]
    [InlineData("  AMQP://127.0.0.1  ", "guest", "guest", "/", "127.0.0.1:5672")]
    public void A_connection_string_is_taken_apart(string text, string user, string password, string vhost, string hosts)
    {
        var factory = RabbitConnections.Factory(text);

        Assert.Equal((user, password, vhost), (factory.UserName, factory.Password, factory.VirtualHost));
        Assert.Equal(hosts.Split(' ').Order(), Endpoints(factory).Select(e => $"{e.HostName}:{e.Port}").Order());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Host=localhost;Password=s3cret")]
    [InlineData("http://u:s3cret@h")]
    [InlineData("amqp://u:s3cret@h:port")]
    [InlineData("amqp://u:s3cret@h:99999")]
    [InlineData("amqp://u:s3/cret@h")]
    [InlineData("amqp://u:s3cret@")]
    [InlineData("amqp://u:s3cret@h1,,h2")]
    [InlineData("amqp://u:p@h/v?password=s3cret")]
    public void A_wrong_one_is_one_line_without_the_password(string? text)
    {
        var error = Assert.Throws<RabbitConnectionException>(() => RabbitConnections.Factory(text));

        Assert.True(error.IsSettings);
        Assert.StartsWith("the RabbitMQ connection string ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("s3", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_on_certificates_are_always_checked()
    {
        var endpoint = Assert.Single(Endpoints(RabbitConnections.Factory("amqps://broker.plant")));

        Assert.True(endpoint.Ssl.Enabled);
        Assert.Equal(SslPolicyErrors.None, endpoint.Ssl.AcceptablePolicyErrors);
        Assert.Equal("broker.plant", endpoint.Ssl.ServerName);
    }

    [Fact]
    public void Recovery_is_left_to_us() => Assert.False(RabbitConnections.Factory("amqp://h").AutomaticRecoveryEnabled);

    [Fact]
    public void Separate_user_and_password_win_and_need_no_escaping()
    {
        var factory = RabbitConnections.Factory("amqp://u:p@h", new RabbitConnectionOptions { UserName = "a/b", Password = "%40@:" });

        Assert.Equal(("a/b", "%40@:"), (factory.UserName, factory.Password));
    }

    [Fact]
    public void A_missing_authority_file_is_named()
    {
        var options = new RabbitConnectionOptions { CaFile = "/nowhere/ca.pem" };
        var error = Assert.Throws<RabbitConnectionException>(() => RabbitConnections.Factory("amqps://h", options));
        Assert.Contains("Rabbit:CaFile '/nowhere/ca.pem'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_said_with_host_and_port()
    {
        var factory = RabbitConnections.Factory("amqp://u:s3cret@127.0.0.1:1");

        var error = await Assert.ThrowsAsync<RabbitConnectionException>(() => RabbitConnections.ConnectAsync(factory));

        Assert.StartsWith("RabbitMQ at 127.0.0.1:1 cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_takes_the_connection_and_never_says_a_word_is_not_waited_for_for_ever()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var factory = RabbitConnections.Factory($"amqp://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}");
        factory.RequestedConnectionTimeout = TimeSpan.FromMilliseconds(100);

        var error = await Assert.ThrowsAsync<RabbitConnectionException>(
            () => RabbitConnections.ConnectAsync(factory).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.EndsWith("accepts connections but does not answer", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<AmqpTcpEndpoint> Endpoints(ConnectionFactory factory) => factory.EndpointResolverFactory([]).All();
}
