using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>The one way to RabbitMQ, for publishers, workers and tools: names on certificates are checked, and recovery is left to the caller.</summary>
public static class RabbitConnections
{
    /// <param name="connectionString"><c>amqp[s]://[user[:password]@]host[:port][,host...][/vhost]</c>; special characters percent-encoded.</param>
    /// <param name="options">User, password and certificate settings that are kept out of the connection string.</param>
    /// <param name="clientName">Shown in the broker's list of connections.</param>
    /// <exception cref="RabbitConnectionException">The settings are wrong; one line without the password.</exception>
    public static ConnectionFactory Factory(string? connectionString, RabbitConnectionOptions? options = null, string clientName = "partsworker")
    {
        options ??= new RabbitConnectionOptions();
        var address = RabbitAddress.Parse(connectionString);
        var authority = address.Tls && options.CaFile is { Length: > 0 } file ? new PrivateAuthority(file) : null;
        var endpoints = address.Hosts
            .Select(h => new AmqpTcpEndpoint(h.Host, h.Port, Tls(address.Tls, options.ServerName ?? h.Host, authority))).ToArray();
        return new ConnectionFactory
        {
            UserName = options.UserName ?? address.User ?? ConnectionFactory.DefaultUser,
            Password = options.Password ?? address.Password ?? ConnectionFactory.DefaultPass,
            VirtualHost = address.VirtualHost,
            Endpoint = endpoints[0],
            EndpointResolverFactory = _ => new DefaultEndpointResolver(endpoints),
            ClientProvidedName = clientName,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
            RequestedHeartbeat = TimeSpan.FromSeconds(options.HeartbeatSeconds),

            // The library's recovery can leave a consumer that receives nothing and says so to nobody; our callers start again from nothing instead.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
    }

    /// <summary>Connects once; every failure is one line that says what to look at.</summary>
    /// <exception cref="RabbitConnectionException">Not reachable, refused, or not trusted.</exception>
    public static async Task<IConnection> ConnectAsync(ConnectionFactory factory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        try
        {
            return await factory.CreateConnectionAsync(cancellationToken);
        }
        catch (Exception error) when (error is RabbitMQClientException or IOException or SocketException or AuthenticationException or TimeoutException)
        {
            throw Explain(factory, error);
        }
    }

    private static SslOption Tls(bool enabled, string serverName, PrivateAuthority? authority) => new()
    {
        Enabled = enabled,
        ServerName = serverName,
        AcceptablePolicyErrors = SslPolicyErrors.None,
        CertificateValidationCallback = authority is null ? null : authority.Accepts,
    };

    private static RabbitConnectionException Explain(ConnectionFactory factory, Exception error)
    {
        var hosts = string.Join(", ", factory.EndpointResolverFactory([]).All().Select(e => $"{e.HostName}:{e.Port}"));
        var causes = Causes(error).ToArray();
        var problem =
            causes.Any(c => c is AuthenticationFailureException or PossibleAuthenticationFailureException) ? $"refused user '{factory.UserName}': check user, password and virtual host '{factory.VirtualHost}'"
            : causes.Any(c => c is AuthenticationException) ? "shows a certificate that is not trusted or carries another name: check Rabbit:CaFile and the host name"
            : causes.OfType<SocketException>().FirstOrDefault() is { } socket ? $"cannot be reached: {socket.Message}"
            : causes.OfType<OperationInterruptedException>().FirstOrDefault() is { } closed ? $"closed the connection: {closed.ShutdownReason?.ReplyText ?? closed.Message}"
            : $"does not answer as a RabbitMQ broker ({causes[^1].GetType().Name})";
        return new RabbitConnectionException($"RabbitMQ at {hosts} {ReferenceRules.Printable(problem, 300)}", inner: error);
    }

    private static IEnumerable<Exception> Causes(Exception error)
    {
        yield return error;
        var inner = error is AggregateException many ? many.InnerExceptions : error.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }
}
