using System.Net;
using System.Net.Sockets;
using Npgsql;
using PartsWorker.Faults.Cluster;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Tls;

/// <summary>
/// TLS on the listeners of RabbitMQ and PostgreSQL themselves, with certificates of a private authority. RabbitMQ gets a listener for each
/// certificate; PostgreSQL changes its certificate, and asks one role for a certificate of the client. Everything is undone at the end.
/// </summary>
public sealed class TlsServers : IAsyncLifetime
{
    public const string MutualRole = "tls_client";

    private readonly ServiceScript _services = new("services.sh", []);
    private readonly Dictionary<string, int> _ports = [];
    private readonly string _server = new NpgsqlConnectionStringBuilder(RunningServices.Postgres) { Pooling = false }.ConnectionString;
    private string _folder = "";
    private string _accessFile = "";
    private string _access = "";

    internal PrivateCa Plant { get; } = new("plant");

    internal PrivateCa Stranger { get; } = new("stranger");

    /// <summary>Port of RabbitMQ's listener with a certificate: <c>good</c>, <c>mutual</c>, <c>expired</c> or <c>foreign</c>.</summary>
    internal int RabbitPort(string certificate) => _ports[certificate];

    public async Task InitializeAsync()
    {
        var certificates = new Dictionary<string, IssuedCertificate>
        {
            ["good"] = Plant.Issue("localhost"),
            ["mutual"] = Plant.Issue("localhost"),
            ["expired"] = Plant.Issue("localhost", expired: true),
            ["foreign"] = Plant.Issue("elsewhere"),
        };
        await ListenAsync(certificates);
        (_folder, _accessFile) = (await ReadAsync("SHOW data_directory"), await ReadAsync("SHOW hba_file"));
        _access = await ReadAsync("SELECT pg_read_file(current_setting('hba_file'))");
        await ExecuteAsync($"CREATE ROLE {MutualRole} LOGIN PASSWORD 'secret'");
        await WriteAsync(_accessFile, $"hostssl all {MutualRole} 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n{_access}");
        await WriteAsync($"{_folder}/tls-ca.pem", Plant.Pem);
        foreach (var (name, certificate) in certificates)
        {
            await WriteAsync($"{_folder}/tls-{name}.pem", certificate.Pem);
            await WriteAsync($"{_folder}/tls-{name}.key", certificate.KeyPem);
        }
    }

    /// <summary>PostgreSQL presents another certificate from now on.</summary>
    internal async Task UsePostgresCertificateAsync(string name)
    {
        var file = $"tls-{name}.pem";
        await ExecuteAsync($"ALTER SYSTEM SET ssl_ca_file = 'tls-ca.pem'");
        await ExecuteAsync($"ALTER SYSTEM SET ssl_cert_file = '{file}'");
        await ExecuteAsync($"ALTER SYSTEM SET ssl_key_file = 'tls-{name}.key'");
        await ExecuteAsync("ALTER SYSTEM SET ssl = on");
        await ReloadAsync("SHOW ssl_cert_file", file);
    }

    public async Task DisposeAsync()
    {
        foreach (var setting in (string[])["ssl", "ssl_ca_file", "ssl_cert_file", "ssl_key_file"])
        {
            await ExecuteAsync($"ALTER SYSTEM RESET {setting}");
        }

        await WriteAsync(_accessFile, _access);
        await ReloadAsync("SHOW ssl", "off");
        await ExecuteAsync($"DROP ROLE {MutualRole}");
        await ExecuteAsync($"COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; rm -f \"{_folder}\"/tls-*'");
        await EvaluateAsync(string.Join(
            ", ", _ports.Values.Select(port => $"rabbit_networking:stop_tcp_listener({{\"127.0.0.1\", {port}}})")));
        Plant.Dispose();
        Stranger.Dispose();
    }

    // Certificates travel in the expression, so that they need no files that the broker can read.
    private Task<string> ListenAsync(Dictionary<string, IssuedCertificate> certificates)
    {
        foreach (var name in certificates.Keys)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            _ports[name] = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        return EvaluateAsync(string.Join(", ", certificates.Select(entry =>
        {
            var own = $"{{cert, {Binary(entry.Value.Der)}}}, {{key, {{'RSAPrivateKey', {Binary(entry.Value.KeyDer)}}}}}";
            var clients = entry.Key == "mutual" ? ", {verify, verify_peer}, {fail_if_no_peer_cert, true}" : "";
            return $"rabbit_networking:start_ssl_listener({{\"127.0.0.1\", {_ports[entry.Key]}}}, "
                + $"[{own}, {{cacerts, [{Binary(Plant.Der)}]}}{clients}], 2)";
        })));
    }

    private static string Binary(byte[] bytes) => $"base64:decode(<<\"{Convert.ToBase64String(bytes)}\">>)";

    private Task<string> EvaluateAsync(string expression) => _services.RunAsync("rabbitmqctl", "eval", $"{expression}, ok.");

    private async Task ReloadAsync(string show, string expected)
    {
        await ExecuteAsync("SELECT pg_reload_conf()");
        while (await ReadAsync(show) != expected)
        {
            await Task.Delay(20);
        }
    }

    // The server writes the file, so that it belongs to its user.
    private Task<int> WriteAsync(string file, string text) => ExecuteAsync(
        $"COPY (SELECT unnest(string_to_array('{text.TrimEnd().Replace("'", "''", StringComparison.Ordinal)}', E'\\n'))) "
        + $"TO PROGRAM 'umask 077 && cat >\"{file}\"'");

    private async Task<int> ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
