using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Web;

/// <summary>
/// Connects to exactly the address that was checked, because resolving the name again would allow DNS rebinding.
/// One forbidden address among several refuses the host.
/// </summary>
internal sealed class GuardedConnector(Dialer dialer, AddressRules rules, TimeSpan limit)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await dialer.Resolve(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        foreach (var address in addresses)
        {
            if (rules.Objection(address) is { } objection)
            {
                throw new ForbiddenAddressException(
                    $"host {host} has the address {address} ({objection}), which Images:AllowPrivateNetworks does not list");
            }
        }

        return await dialer.ConnectToFirstAsync(addresses, port, limit, cancellationToken);
    }
}

/// <summary>Carries the reason through HttpClient, which wraps every exception of a connector.</summary>
internal sealed class ForbiddenAddressException(string message) : Exception(message);
