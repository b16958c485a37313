using Npgsql;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;
using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Measuring;

[Collection("bench")]
public sealed class CostsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [LocalServicesFact]
    public async Task A_quick_measurement_gives_a_table_that_the_calculator_reads()
    {
        var table = Path.Combine(_folder.FullName, "out", "costs.json");
        var pictures = Path.Combine(_folder.FullName, "pictures");
        // A short warm-up: this test starts a dozen workers.
        var bundle = Repository.DemoBundle;
        var output = await RunAsync(
            0, "costs", "--quick", "--bundle", $"real={bundle}", "--images", pictures, "--out", Path.GetDirectoryName(table)!,
            "--Inference:LongestRun=00:00:00.05");
        Assert.Contains("## Prediction and measurement", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "out", "error.svg")));

        var plan = await RunAsync(
            0, "plan", "--costs", table, "--images-per-second", "20", "--size", "1.3MP", "--model", "real", "--network-gbit", "100");
        Assert.Contains("saturates first: ", plan, StringComparison.Ordinal);
        Assert.Contains("--quick: do not size by it", plan, StringComparison.Ordinal);
        Assert.Equal(0, await BenchWorldsAsync());
    }

    private static async Task<string> RunAsync(int code, params string[] words)
    {
        using var bench = new Launch(Programs.Bench, words).Start();
        var ended = await bench.ExitAsync(TimeSpan.FromMinutes(10));
        Assert.True(ended == code, bench.Text);
        return bench.Text;
    }

    // The databases that costs creates, and those of sql-scale.sh.
    private static async Task<long> BenchWorldsAsync()
    {
        await using var source = NpgsqlDataSource.Create(RunningServices.Postgres);
        await using var command = source.CreateCommand(
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'costs\\_%' OR datname LIKE 'bench\\_%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Skipped where the services run in containers: their processor time cannot be read there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LocalServicesFactAttribute : FactAttribute
{
    public LocalServicesFactAttribute()
    {
        if (RunningServices.Management is null || !File.Exists("/usr/bin/psql") || !HasBroker())
        {
            Skip = "needs psql, and RabbitMQ as a process of this machine: PARTS_SERVICES_WITH=local deploy/services.sh up";
        }
    }

    private static bool HasBroker() => Directory.EnumerateDirectories("/proc")
        .Any(folder => int.TryParse(Path.GetFileName(folder), out var pid) && ProcessTime.NameOf(pid) == "beam.smp");
}
