using System.Runtime.InteropServices;
using Npgsql;
using PartsWorker.Harness.Processes;

namespace PartsWorker.Bench.Measured;

/// <summary>
/// The processes of broker and database, which must run on this machine: what they cost is not visible from a client.
/// </summary>
internal sealed class ServiceProcesses
{
    private const string Remedy =
        "start both on this machine: PARTS_SERVICES_WITH=local deploy/services.sh up, then eval \"$(deploy/services.sh env)\"";

    private readonly int _broker;
    private readonly int _database;
    private readonly string _brokerFolder;

    private ServiceProcesses(int broker, int database, string brokerFolder) =>
        (_broker, _database, _brokerFolder) = (broker, database, brokerFolder);

    /// <exception cref="UserErrorException">A service runs elsewhere, or the management API is not known.</exception>
    /// <exception cref="BenchException">The management API does not answer.</exception>
    public static async Task<ServiceProcesses> FindAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var node = await ManagementApi.AskAsync(management => management.NodeAsync(cancellation), cancellation)
            ?? throw new UserErrorException($"PARTS_RABBIT_MANAGEMENT is not set: {Remedy}");
        await using var command = source.CreateCommand("SELECT pg_backend_pid()");
        var session = (int)(await command.ExecuteScalarAsync(cancellation))!;
        if (!Directory.Exists(node.DataFolder))
        {
            throw new UserErrorException($"the folder of the broker, {node.DataFolder}, cannot be read: {Remedy}");
        }

        return new(
            Own(int.TryParse(node.ProcessId, out var broker) ? broker : 0, "beam.smp", "the broker"),
            ProcessTime.ParentOf(Own(session, "postgres", "the database")),
            node.DataFolder);
    }

    public ServiceTimes Read() =>
        new(ProcessTime.Of(_broker), ProcessTime.OfFamily(_database), ProcessTime.OfMachine());

    /// <summary>Resident memory of the broker.</summary>
    public double BrokerMb => (ProcessStats.Of(_broker)?.ResidentKiB ?? 0) / 1024.0;

    /// <summary>Length of the files of the broker.</summary>
    public long BrokerFileBytes => new DirectoryInfo(_brokerFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length);

    // The broker may delete a file meanwhile.
    private static long Length(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }

    private static int Own(int pid, string program, string service) =>
        ProcessTime.NameOf(pid) == program
            ? pid
            : throw new UserErrorException($"{service} is not a process of this machine, so its processor time cannot be read: {Remedy}");
}

/// <summary>Processor time until one moment.</summary>
/// <param name="Broker">With all its threads.</param>
/// <param name="Database">With all its sessions.</param>
/// <param name="Machine">Everything that runs on this machine, these two included.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ServiceTimes(TimeSpan Broker, TimeSpan Database, TimeSpan Machine)
{
    public static ServiceTimes operator -(ServiceTimes later, ServiceTimes earlier) =>
        new(later.Broker - earlier.Broker, later.Database - earlier.Database, later.Machine - earlier.Machine);

    public static ServiceTimes operator /(ServiceTimes time, double images) =>
        new(time.Broker / images, time.Database / images, time.Machine / images);
}
