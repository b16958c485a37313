using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PartsWorker.Observability;

/// <summary>
/// Tells systemd (<c>Type=notify</c>) when the worker has started and when it stops. Started means: the model is loaded and verified; whether
/// the broker is there is what readiness says, and no reason to call the start a failure. Does nothing where nobody listens.
/// </summary>
/// <param name="address">Value of <see cref="Variable"/>: a path, or a name in the abstract namespace behind an '@'.</param>
/// <param name="log">For a socket that nobody reads.</param>
internal sealed class SystemdNotifier(string? address, ILogger<SystemdNotifier> log) : IHostedLifecycleService
{
    public const string Variable = "NOTIFY_SOCKET";

    public Task StartedAsync(CancellationToken cancellationToken) => Say("READY=1");

    public Task StoppingAsync(CancellationToken cancellationToken) => Say("STOPPING=1");

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Say(string state)
    {
        if (string.IsNullOrEmpty(address))
        {
            return Task.CompletedTask;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            var name = address[0] == '@' ? '\0' + address[1..] : address;
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(name));
        }
        catch (SocketException error)
        {
            log.SystemdDeaf(state, error.Message);
        }

        return Task.CompletedTask;
    }
}
