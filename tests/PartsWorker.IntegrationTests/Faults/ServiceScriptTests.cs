using PartsWorker.Faults.Cluster;

namespace PartsWorker.IntegrationTests.Faults;

public sealed class ServiceScriptTests
{
    [Theory]
    [InlineData("parts_1@localhost", 51)]
    [InlineData("parts_2@localhost", 0)]
    public void Of_two_lines_for_a_queue_the_one_of_its_leader_counts(string leader, int messages)
    {
        var totals = ServiceScript.ReadTotals(
            $"parts.live\t{leader}\t<parts_1@localhost.68.1386.0>\t51\n"
            + "parts.dead\tparts_1@localhost\t<parts_1@localhost.68.12.0>\t25\n"
            + $"parts.live\t{leader}\t<parts_2@localhost.68.1245.0>\t0\n");

        Assert.Equal(new Dictionary<string, int> { ["parts.live"] = messages, ["parts.dead"] = 25 }, totals);
    }
}
