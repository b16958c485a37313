using PartsWorker.Faults.Cluster;
using PartsWorker.Faults.Storage;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness.Network;

namespace PartsWorker.Faults.Schedule;

/// <summary>Injects faults and counts them.</summary>
internal sealed class FaultInjector(Services services, Proxy broker, Proxy database, Crew crew, ImageServer storage, Disks? disks)
{
    private readonly Dictionary<FaultKind, int> _done = [];

    public string Summary => string.Join(", ", _done.Select(d => $"{d.Key} {d.Value}"));

    public async Task InjectAsync(Fault fault)
    {
        var proxy = fault.Target % 2 == 0 ? broker : database;
        switch (fault.Kind)
        {
            case FaultKind.WorkerKilled:
                crew.Replace(fault.Target % crew.Count);
                break;
            case FaultKind.BrokerRestarted:
                await services.RestartAsync("rabbitmq", fault.Hard);
                break;
            case FaultKind.DatabaseRestarted:
                await services.RestartAsync("postgres", fault.Hard);
                break;
            case FaultKind.ConnectionsCut:
                proxy.Cut();
                break;
            case FaultKind.HalfOpen:
                await WhileAsync(proxy, ProxyMode.Swallow, seconds: 5);
                break;
            case FaultKind.SlowNetwork:
                await WhileAsync(proxy, ProxyMode.Slow, seconds: 5);
                break;
            case FaultKind.DatabaseDiskFull:
                await FillDatabaseDiskAsync();
                break;
            case FaultKind.BrokerDiskLow:
                await FillBrokerDiskAsync();
                break;
            default:
                await WhileAsync(fault.Kind);
                break;
        }

        _done[fault.Kind] = _done.GetValueOrDefault(fault.Kind) + 1;
    }

    private static async Task WhileAsync(Proxy proxy, ProxyMode mode, int seconds)
    {
        proxy.Mode = mode;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        proxy.Mode = ProxyMode.Forward;
    }

    private async Task WhileAsync(FaultKind kind)
    {
        storage.Mode = kind switch
        {
            FaultKind.StorageErrors => StorageMode.Errors,
            FaultKind.StorageSilent => StorageMode.Silent,
            _ => StorageMode.Slow,
        };
        await Task.Delay(TimeSpan.FromSeconds(6));
        storage.Mode = StorageMode.Healthy;
    }

    private async Task FillDatabaseDiskAsync()
    {
        disks!.Database.Fill(leaveMiB: 0);
        await Task.Delay(TimeSpan.FromSeconds(5));
        disks.Database.Free();

        // The server may have stopped because the disk was full, so start it again.
        await services.RestartAsync("postgres", kill: false);
    }

    // Not to the last byte: RabbitMQ blocks publishers below 50 MB, because its log does not survive a full disk. It checks the disk at
    // least every ten seconds.
    private async Task FillBrokerDiskAsync()
    {
        disks!.Broker.Fill(leaveMiB: 35);
        await Task.Delay(TimeSpan.FromSeconds(15));
        disks.Broker.Free();
    }
}
