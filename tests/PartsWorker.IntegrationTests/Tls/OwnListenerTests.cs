using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Npgsql;
using PartsWorker.Client;
using PartsWorker.Database;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Faults;

namespace PartsWorker.IntegrationTests.Tls;

/// <summary>
/// RabbitMQ and PostgreSQL with TLS on their own listeners: what is accepted, and the one line that says why something is not. Runs alone:
/// PostgreSQL offers TLS to everyone meanwhile.
/// </summary>
[Collection(FaultBench.Name)]
public sealed class OwnListenerTests(TlsServers servers) : IClassFixture<TlsServers>, IDisposable
{
    private const string NotTrusted = "PostgreSQL presents a certificate that is not trusted, has expired or carries another name: check "
        + "Root Certificate and Host in ConnectionStrings:Postgres";

    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("good", "plant", null, null)]
    [InlineData("mutual", "plant", "plant", null)]
    [InlineData("good", "stranger", null, "no trusted authority has signed (issuer CN=plant): check Rabbit:CaFile")]
    [InlineData("good", null, null, "no trusted authority has signed (issuer CN=plant): check Rabbit:CaFile")]
    [InlineData("expired", "plant", null, "presents a certificate that expired on ")]
    [InlineData("foreign", "plant", null, "presents a certificate of elsewhere, not of localhost: check the host name")]
    [InlineData("mutual", "plant", null, "if it accepts only clients that it knows, check Rabbit:CertFile and Rabbit:KeyFile")]
    [InlineData("mutual", "plant", "stranger", "if it accepts only clients that it knows, check Rabbit:CertFile and Rabbit:KeyFile")]
    public async Task RabbitMQ(string certificate, string? trusted, string? client, string? problem)
    {
        var own = Client(client);
        var factory = RabbitConnections.Factory(
            $"amqps://{new Uri(RunningServices.RabbitMq).UserInfo}@localhost:{servers.RabbitPort(certificate)}",
            new RabbitConnectionOptions { CaFile = Authority(trusted), CertFile = own?.Certificate, KeyFile = own?.Key });

        var error = await Record.ExceptionAsync(async () => await (await RabbitConnections.ConnectAsync(factory)).DisposeAsync());

        AssertProblem(problem, error?.Message);
        Assert.True(error is null or RabbitConnectionException, error?.GetType().Name);
    }

    [Theory]
    [InlineData("good", "plant", null, false, null)]
    [InlineData("good", "plant", "plant", true, null)]
    [InlineData("good", "stranger", null, false, NotTrusted)]
    [InlineData("good", null, null, false, NotTrusted)]
    [InlineData("expired", "plant", null, false, NotTrusted)]
    [InlineData("foreign", "plant", null, false, NotTrusted)]
    [InlineData("good", "plant", null, true, "PostgreSQL accepts only clients with a certificate: add SSL Certificate and SSL Key")]
    [InlineData("good", "plant", "stranger", true, "PostgreSQL does not accept the certificate of this client: check SSL Certificate")]
    public async Task PostgreSQL(string certificate, string? trusted, string? client, bool mutual, string? problem)
    {
        await servers.UsePostgresCertificateAsync(certificate);
        var own = Client(client);
        var settings = new NpgsqlConnectionStringBuilder(RunningServices.Postgres)
        {
            Host = "localhost",
            SslMode = SslMode.VerifyFull,
            RootCertificate = Authority(trusted),
            SslCertificate = own?.Certificate,
            SslKey = own?.Key,
            Pooling = false,
        };
        (settings.Username, settings.Password) =
            mutual ? (TlsServers.MutualRole, "secret") : (settings.Username, settings.Password);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", settings.ConnectionString)]).Build();
        await using var source = PostgresSource.Open(configuration, "tls");

        AssertProblem(problem, await TryToConnectAsync(source));
    }

    // In TLS 1.3 a server refuses a client after the client's part of the handshake. If the connection closes before the driver has read
    // the reason, the driver sees a failed write and nothing else; the worker connects again, and so does this test.
    private static async Task<string?> TryToConnectAsync(NpgsqlDataSource source)
    {
        Exception? error = null;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            error = await Record.ExceptionAsync(async () => await (await source.OpenConnectionAsync()).DisposeAsync());
            if (error is not { InnerException: IOException { InnerException: SocketException } })
            {
                break;
            }
        }

        return error is null ? null : PostgresFaults.Describe(error);
    }

    private static void AssertProblem(string? expected, string? line)
    {
        if (expected is null)
        {
            Assert.Null(line);
            return;
        }

        Assert.NotNull(line);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain("guest", line, StringComparison.Ordinal);
    }

    private string? Authority(string? name) => name switch
    {
        "plant" => servers.Plant.File,
        "stranger" => servers.Stranger.File,
        _ => null,
    };

    private (string Certificate, string Key)? Client(string? name)
    {
        if (name is null)
        {
            return null;
        }

        var issued = (name == "plant" ? servers.Plant : servers.Stranger).IssueClient("worker-1");
        var (certificate, key) = (Path.Combine(_folder, "client.pem"), Path.Combine(_folder, "client.key"));
        File.WriteAllText(certificate, issued.Pem);
        File.WriteAllText(key, issued.KeyPem);
        return (certificate, key);
    }
}
