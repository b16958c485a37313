using PartsWorker.Faults.Cluster;

namespace PartsWorker.IntegrationTests.Faults;

public sealed class ServiceScriptTests
{
    [Fact]
    public void A_queue_that_two_nodes_list_counts_once_with_the_larger_number()
    {
        var totals = ServiceScript.ReadTotals("parts.live\t7\nparts.retry.3\t0\nparts.retry.3\t2\nparts.live\t7\nname\tmessages\n");

        Assert.Equal(new Dictionary<string, int> { ["parts.live"] = 7, ["parts.retry.3"] = 2 }, totals);
    }
}
