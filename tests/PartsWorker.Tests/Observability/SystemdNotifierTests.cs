using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Observability;

namespace PartsWorker.Tests.Observability;

public sealed class SystemdNotifierTests
{
    [Fact]
    public async Task Systemd_hears_of_the_start_and_of_the_stop()
    {
        var path = Path.Combine(Path.GetTempPath(), $"notify-{Guid.NewGuid():N}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            var notifier = new SystemdNotifier(path, NullLogger<SystemdNotifier>.Instance);

            await notifier.StartedAsync(CancellationToken.None);
            await notifier.StoppingAsync(CancellationToken.None);

            Assert.Equal("READY=1", Receive(systemd));
            Assert.Equal("STOPPING=1", Receive(systemd));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/at/all")]
    [InlineData("@nobody-listens-here")]
    public async Task Without_a_listener_the_worker_starts_all_the_same(string? address)
    {
        var notifier = new SystemdNotifier(address, NullLogger<SystemdNotifier>.Instance);

        await notifier.StartedAsync(CancellationToken.None);

        Assert.True(notifier.StoppingAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
