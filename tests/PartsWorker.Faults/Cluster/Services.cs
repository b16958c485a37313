using System.Diagnostics;

namespace PartsWorker.Faults.Cluster;

/// <summary>A private RabbitMQ and PostgreSQL for this run, started by <c>deploy/services.sh</c> with their own folder and ports.</summary>
internal sealed class Services(string repository, string folder, int portBase, bool pgBouncer = false)
{
    private readonly string _script = Path.Combine(repository, "deploy", "services.sh");

    public string RabbitMq { get; private set; } = "";

    public string Postgres { get; private set; } = "";

    /// <summary>What workers connect to: PgBouncer if there is one, otherwise PostgreSQL itself.</summary>
    public int DatabasePort => pgBouncer ? portBase + 6 : portBase + 4;

    public async Task UpAsync()
    {
        await RunAsync("up");
        foreach (var line in (await RunAsync("env")).Split('\n'))
        {
            if (Value(line, "ConnectionStrings__RabbitMq") is { } rabbit)
            {
                RabbitMq = rabbit;
            }
            else if (Value(line, "ConnectionStrings__Postgres") is { } postgres)
            {
                Postgres = postgres;
            }
        }
    }

    /// <param name="service"><c>rabbitmq</c> or <c>postgres</c>.</param>
    /// <param name="kill">SIGKILL instead of a clean stop.</param>
    public Task RestartAsync(string service, bool kill) => kill ? RunAsync("restart", service, "--kill") : RunAsync("restart", service);

    /// <summary>Messages in each queue, ready and unacknowledged, as the broker counts them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync()
    {
        var table = await RunAsync("rabbitmqctl", "-q", "--no-table-headers", "list_queues", "name", "messages");
        return table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Where(cells => cells.Length == 2 && int.TryParse(cells[1], out _))
            .ToDictionary(cells => cells[0], cells => int.Parse(cells[1]), StringComparer.Ordinal);
    }

    /// <summary>The state of the queues as text, for the logs of a failed run; an error message if the broker does not answer.</summary>
    public async Task<string> DescribeQueuesAsync()
    {
        try
        {
            string[] columns = ["name", "state", "messages_ready", "messages_unacknowledged", "consumers"];
            return await RunAsync(["rabbitmqctl", "-q", "list_queues", .. columns]);
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    /// <summary>Stops both and deletes their data, in any state that an earlier run left.</summary>
    public async Task DeleteAsync()
    {
        await RunAsync("down");
        Disks.Unmount(folder);
        await RunAsync("reset");
    }

    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_script, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PARTS_SERVICES_DIR"] = folder;
        start.Environment["PARTS_PORT_BASE"] = portBase.ToString();
        // Belongs to the services of the caller.
        start.Environment.Remove("PARTS_MQTT_PORT");
        start.Environment["PARTS_PGBOUNCER_PORT"] = pgBouncer ? DatabasePort.ToString() : "";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {_script}");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"services.sh {string.Join(' ', arguments)}: {(await error + await output).Trim()}");
    }

    private static string? Value(string line, string name) =>
        line.StartsWith($"export {name}='", StringComparison.Ordinal) ? line[(name.Length + 9)..].TrimEnd('\'') : null;
}
