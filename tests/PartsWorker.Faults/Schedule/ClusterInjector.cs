using PartsWorker.Client;
using PartsWorker.Faults.Cluster;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness.Network;

namespace PartsWorker.Faults.Schedule;

/// <summary>Injects the faults of a cluster. When a fault has ended, all servers answer again, and the standby is synchronous.</summary>
internal sealed class ClusterInjector(ServerCluster cluster, Crew crew)
{
    // Longer than Results:CommandTimeout, so that workers give up a commit that the primary alone has made.
    private static readonly TimeSpan BeyondCommandTimeout = TimeSpan.FromSeconds(20);

    // Longer than the nodes take to notice a silent peer, with the net_ticktime of deploy/services/cluster.sh.
    private static readonly TimeSpan BeyondTickTime = TimeSpan.FromSeconds(15);

    private readonly string _queue = new PartsTopology().LiveQueue;

    public async Task InjectAsync(ClusterFault fault) => await (fault.Kind switch
    {
        ClusterFaultKind.WorkerKilled => ReplaceAsync(fault.Target, skew: null),
        ClusterFaultKind.ClockSkewed => ReplaceAsync(fault.Target, TimeSpan.FromMinutes((fault.Target - 500) * 1.44)),
        ClusterFaultKind.LeaderKilled => KillNodesAsync(count: 1, seconds: 3),
        ClusterFaultKind.MajorityKilled => KillNodesAsync(count: 2, seconds: 8),
        ClusterFaultKind.NodePartitioned => PartitionAsync(fault.Target % 3, fault.Silent),
        ClusterFaultKind.NodesRolled => RollAsync(),
        ClusterFaultKind.PrimaryKilled => ReplacePrimaryAsync(),
        ClusterFaultKind.StandbyLagging => DisturbStandbyAsync(ProxyMode.Slow, TimeSpan.FromSeconds(6)),
        ClusterFaultKind.StandbyCutOff => DisturbStandbyAsync(ProxyMode.Swallow, BeyondCommandTimeout),
        _ => PromoteBehindAsync(),
    });

    private Task ReplaceAsync(int target, TimeSpan? skew)
    {
        crew.Replace(target % crew.Count, skew);
        return Task.CompletedTask;
    }

    private async Task KillNodesAsync(int count, int seconds)
    {
        var leader = await cluster.LeaderAsync(_queue);
        string[] nodes = [.. Enumerable.Range(leader, count).Select(node => ServerCluster.Rabbit(node % 3))];
        await cluster.RunAsync(["stop", .. nodes, "--kill"]);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await cluster.RunAsync(["start", .. nodes]);
    }

    private async Task PartitionAsync(int node, bool silent)
    {
        cluster.Network.Isolate(node, silent);
        await Task.Delay(silent ? BeyondTickTime : TimeSpan.FromSeconds(5));
        cluster.Network.Join(node);
        // The separated node has paused itself; it answers once it is a member again.
        await cluster.RunAsync(["start", .. Enumerable.Range(0, 3).Select(ServerCluster.Rabbit)]);
    }

    private async Task RollAsync()
    {
        foreach (var node in Enumerable.Range(0, 3))
        {
            await cluster.RunAsync("roll", ServerCluster.Rabbit(node));
        }
    }

    private async Task ReplacePrimaryAsync()
    {
        var primary = await cluster.PrimaryAsync();
        await cluster.RunAsync("stop", Postgres(primary), "--kill");
        await cluster.RunAsync("promote", Postgres(1 - primary));
        await cluster.RunAsync("rejoin", Postgres(primary));
    }

    private async Task DisturbStandbyAsync(ProxyMode mode, TimeSpan time)
    {
        cluster.Network.SetReplication(await cluster.PrimaryAsync(), mode);
        await Task.Delay(time);
        cluster.Network.RestoreReplication();
    }

    private async Task PromoteBehindAsync()
    {
        var primary = await cluster.PrimaryAsync();
        cluster.Network.SetReplication(primary, ProxyMode.Swallow);
        await Task.Delay(BeyondCommandTimeout);
        await cluster.RunAsync("stop", Postgres(primary), "--kill");
        await cluster.RunAsync("promote", Postgres(1 - primary));
        cluster.Network.RestoreReplication();
        await cluster.RunAsync("rejoin", Postgres(primary));
    }

    private static string Postgres(int server) => $"postgres{server + 1}";
}
