using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PartsWorker.Harness;

namespace PartsWorker.Tests.Commands;

/// <summary><c>partsworker run</c> as a process, with neither a broker nor a database.</summary>
public sealed class RunCommandTests : IDisposable
{
    private static readonly string Worker = Path.Combine(AppContext.BaseDirectory, "partsworker.dll");
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Systemd_hears_of_the_start_and_of_the_stop_and_log_lines_stay_as_configured()
    {
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "notify")));
        using var process = StartUnderSystemd("--Logging:Format=json");
        var worker = await process.StandardOutput.ReadLineAsync();
        try
        {
            Assert.Equal("READY=1", Receive(systemd));
            Signal("-TERM", worker!);
            Assert.Equal("STOPPING=1", Receive(systemd));
            var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(lines, line => Assert.StartsWith("{\"Timestamp\":", line, StringComparison.Ordinal));
            Assert.NotEmpty(lines);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_health_port_that_is_taken_ends_the_start_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Start("dotnet", [Worker, "run", .. Options, $"--Health:Port={port}", "--Health:Address=127.0.0.1"]);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();

        Assert.StartsWith("partsworker: Health:Port is taken", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
    }

    private static string[] Options =>
    [
        $"--Model:Bundle={Repository.Bundle}",
        "--Inference:Device=cpu", "--Pipeline:MaxBatch=1",
        "--ConnectionStrings:RabbitMq=amqp://127.0.0.1:1", "--ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Username=nobody",
    ];

    // The library asks whether its parent is called systemd: a shell of that name stands in for it, and prints the worker's process id.
    private Process StartUnderSystemd(string option)
    {
        var systemd = Path.Combine(_folder, "systemd");
        File.Copy("/bin/sh", systemd);
        return Start(systemd, ["-c", "dotnet \"$@\" & echo $!; wait", "sh", Worker, "run", .. Options, option]);
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["NOTIFY_SOCKET"] = Path.Combine(_folder, "notify");
        return Process.Start(start)!;
    }

    private static void Signal(string signal, string process)
    {
        using var kill = Process.Start("kill", [signal, process]);
        kill.WaitForExit();
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
