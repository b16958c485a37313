using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>
/// Connects to RabbitMQ, for publishers, workers and tools. Names on certificates are checked; reconnecting is left to the caller.
/// </summary>
public static class RabbitConnections
{
    // TCP, TLS and the broker's handshake each have their own limit, RequestedConnectionTimeout.
    private const int StepsOfConnecting = 3;

    /// <param name="connectionString">
    /// <c>amqp[s]://[user[:password]@]host[:port][,host...][/vhost]</c>; special characters percent-encoded.
    /// </param>
    /// <param name="options">User, password and certificate settings that are kept out of the connection string.</param>
    /// <param name="clientName">Shown in the broker's list of connections.</param>
    /// <exception cref="RabbitConnectionException">The settings are wrong; one line without the password.</exception>
    public static ConnectionFactory Factory(
        string? connectionString, RabbitConnectionOptions? options = null, string clientName = "partsworker")
    {
        options ??= new RabbitConnectionOptions();
        var address = RabbitAddress.Parse(connectionString);
        var tls = address.Tls ? new RabbitTls(options) : null;
        var endpoints = address.Hosts
            .Select(h => new AmqpTcpEndpoint(h.Host, h.Port, tls?.For(options.ServerName ?? h.Host) ?? new SslOption())).ToArray();
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

            // The library's recovery can leave a consumer that silently receives nothing; our callers reconnect from scratch instead.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
    }

    /// <summary>Connects once; every failure is one line that names what to check.</summary>
    /// <exception cref="RabbitConnectionException">The broker cannot be reached, does not answer, refuses, or is not trusted.</exception>
    public static async Task<IConnection> ConnectAsync(ConnectionFactory factory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);

        // 7.1.2 waits forever for a peer that accepts the connection and does not answer, such as a stopped broker or a stateful firewall.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(factory.RequestedConnectionTimeout * StepsOfConnecting);
        var connecting = factory.CreateConnectionAsync(patience.Token);
        try
        {
            return await connecting.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            _ = DiscardAsync(connecting);
            throw Explain(factory, new TimeoutException("no answer from the broker", error));
        }
        catch (Exception error) when (error
            is RabbitMQClientException or IOException or SocketException or AuthenticationException or TimeoutException)
        {
            throw Explain(factory, error);
        }
    }

    // The connection may still be established long after the caller has given up.
    private static async Task DiscardAsync(Task<IConnection> connecting)
    {
        try
        {
            await (await connecting).DisposeAsync();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // No caller waits for it any more.
        }
    }

    private static RabbitConnectionException Explain(ConnectionFactory factory, Exception error)
    {
        var endpoints = factory.EndpointResolverFactory([]).All().ToArray();
        var hosts = string.Join(", ", endpoints.Select(e => $"{e.HostName}:{e.Port}"));
        var causes = Causes(error).ToArray();
        var problem =
            causes.Any(c => c is AuthenticationFailureException or PossibleAuthenticationFailureException)
                ? $"refused user '{factory.UserName}': check user, password and virtual host '{factory.VirtualHost}'"
            : causes.OfType<CertificateRefusedException>().FirstOrDefault() is { } refused ? refused.Message
            : causes.Any(TlsAlert.IsAboutCertificate) || (endpoints[0].Ssl.Enabled && IsCut(causes))
                ? "ends the TLS connection: if it accepts only clients that it knows, check Rabbit:CertFile and Rabbit:KeyFile"
            : causes.Any(c => c is AuthenticationException) ? $"does not agree on TLS: {causes[^1].Message}"
            : causes.OfType<SocketException>().FirstOrDefault() is { } socket ? $"cannot be reached: {socket.Message}"
            : causes.Any(c => c is TimeoutException or OperationCanceledException) ? "accepts connections but does not answer"
            : causes.OfType<OperationInterruptedException>().FirstOrDefault() is { } closed
                ? $"closed the connection: {closed.ShutdownReason?.ReplyText ?? closed.Message}"
            : $"does not answer as a RabbitMQ broker ({causes[^1].GetType().Name})";
        return new RabbitConnectionException($"RabbitMQ at {hosts} {ReferenceRules.Printable(problem, 300)}", inner: error);
    }

    // With TLS 1.3 a broker finds out after the handshake that a client has no certificate, and its alert is lost when it resets the
    // connection.
    private static bool IsCut(IReadOnlyCollection<Exception> causes) => causes.OfType<SocketException>().FirstOrDefault() is { } socket
        ? socket.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted
        : causes.Any(c => c is IOException);

    private static IEnumerable<Exception> Causes(Exception error)
    {
        yield return error;
        var inner = error is AggregateException many ? many.InnerExceptions
            : error.InnerException is { } one ? [one]
            : (IEnumerable<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }
}
