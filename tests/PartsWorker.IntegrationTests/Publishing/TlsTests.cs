using Npgsql;
using PartsWorker.Client;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>Over TLS only a certificate of the right authority with the right name is accepted, by RabbitMQ's client and by
/// PostgreSQL's.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly PrivateCa _plant = new("plant");
    private readonly PrivateCa _stranger = new("stranger");

    public void Dispose()
    {
        _plant.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task The_broker_is_accepted_with_the_right_name_and_authority()
    {
        await using var front = Front("localhost");

        await using var connection = await RabbitConnections.ConnectAsync(Factory(front, "localhost", _plant.File));

        Assert.True(connection.IsOpen);
    }

    [Theory]
    [InlineData("elsewhere", "plant", null)]
    [InlineData("localhost", "stranger", null)]
    [InlineData("localhost", "machine", null)]
    [InlineData("localhost", "plant", "elsewhere")]
    public async Task The_broker_is_refused_with_a_wrong_name_or_authority(string certificateName, string trusted, string? serverName)
    {
        await using var front = Front(certificateName);
        var file = trusted switch { "plant" => _plant.File, "stranger" => _stranger.File, _ => null };

        var error = await Assert.ThrowsAsync<RabbitConnectionException>(
            () => RabbitConnections.ConnectAsync(Factory(front, "localhost", file, serverName)));

        Assert.Contains("certificate that is not trusted or carries another name", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guest:", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", true, true)]
    [InlineData("elsewhere", true, false)]
    [InlineData("localhost", false, false)]
    public async Task The_database_is_accepted_only_with_the_right_name_and_authority(
        string certificateName, bool rightAuthority, bool accepted)
    {
        var real = new NpgsqlConnectionStringBuilder(RunningServices.Postgres);
        using var certificate = _plant.Issue(certificateName);
        await using var front = new TlsFront(certificate, real.Port, postgres: true);
        var builder = new NpgsqlConnectionStringBuilder(real.ConnectionString)
        {
            Host = "localhost",
            Port = front.Port,
            SslMode = SslMode.VerifyFull,
            RootCertificate = (rightAuthority ? _plant : _stranger).File,
            Pooling = false,
        };
        await using var source = NpgsqlDataSource.Create(builder);

        var error = await Record.ExceptionAsync(async () => await (await source.OpenConnectionAsync()).DisposeAsync());

        Assert.Equal(accepted, error is null);
        Assert.DoesNotContain("Password=" + real.Password, error?.ToString() ?? "", StringComparison.Ordinal);
    }

    private static RabbitMQ.Client.ConnectionFactory Factory(TlsFront front, string host, string? authority, string? serverName = null)
    {
        var user = new Uri(RunningServices.RabbitMq).UserInfo;
        return RabbitConnections.Factory(
            $"amqps://{user}@{host}:{front.Port}", new RabbitConnectionOptions { CaFile = authority, ServerName = serverName });
    }

    private TlsFront Front(string certificateName) => new(_plant.Issue(certificateName), RunningServices.RabbitMqPort);
}
