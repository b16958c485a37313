using System.Diagnostics;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Cluster;

/// <summary>A script in <c>deploy/</c> that starts and stops the servers of this run.</summary>
/// <param name="name">Its file name.</param>
/// <param name="environment">Its folder and ports, as variables.</param>
internal sealed class ServiceScript(string name, IReadOnlyList<(string Name, string Value)> environment)
{
    /// <summary>
    /// Ends a script that is running, with everything that it has just started. Replace it before the servers are stopped.
    /// </summary>
    public CancellationToken Stop { get; set; }

    /// <summary>The connection strings that the script prints.</summary>
    public async Task<(string RabbitMq, string Postgres)> ConnectionStringsAsync()
    {
        var lines = (await RunAsync("env")).Split('\n');
        return (Value(lines, "ConnectionStrings__RabbitMq"), Value(lines, "ConnectionStrings__Postgres"));
    }

    /// <summary>Messages in each queue, ready and unacknowledged, as the broker counts them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync()
    {
        return ReadTotals(await RunAsync("rabbitmqctl", "-q", "--no-table-headers", "list_queues", "name", "leader", "pid", "messages"));
    }

    // After a node was separated, RabbitMQ 4 lists a quorum queue twice for minutes: the former leader repeats its last number. Only the
    // process on the leader's node knows the number.
    internal static IReadOnlyDictionary<string, int> ReadTotals(string table) =>
        table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Where(cells => cells.Length == 4 && int.TryParse(cells[3], out _))
            .GroupBy(cells => cells[0], StringComparer.Ordinal)
            .ToDictionary(
                queue => queue.Key,
                queue => int.Parse(queue.MaxBy(cells => cells[2].StartsWith($"<{cells[1]}.", StringComparison.Ordinal))![3]),
                StringComparer.Ordinal);

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

    /// <summary>Returns what the script printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "deploy", name);
        var start = new ProcessStartInfo(script, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {script}");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(Stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)}: {(await error + await output).Trim()}");
    }

    private static string Value(string[] lines, string variable)
    {
        var start = $"export {variable}='";
        return lines.First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..].TrimEnd('\'');
    }
}
