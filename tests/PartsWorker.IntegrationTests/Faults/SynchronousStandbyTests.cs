using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Failures;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>
/// PostgreSQL waits for a standby that does not answer. Cancelling the wait leaves the rows on the primary alone, where everyone sees them,
/// and a promoted standby would lack them. Runs alone: the setting is the server's.
/// </summary>
[Collection(FaultBench.Name)]
public sealed class SynchronousStandbyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await WaitForStandbyAsync("");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Rows_that_only_the_primary_has_are_not_reported_as_stored_however_often_they_are_written()
    {
        var row = SomeResult.Row();
        await StoreAsync(SomeResult.Row());
        await WaitForStandbyAsync("nobody");
        await UntilCommitsWaitAsync();

        var first = await Record.ExceptionAsync(() => StoreAsync(row));
        var visible = await _database.ScalarAsync<long>($"SELECT count(*) FROM classifications WHERE image_id = '{row.ImageId}'");
        var again = await Record.ExceptionAsync(() => StoreAsync(row));
        await WaitForStandbyAsync("");
        await StoreAsync(row);

        Assert.Equal(1, visible);
        Assert.Equal(Recovery.WithDependency, Assert.IsType<PartFailureException>(first).Recovery);
        Assert.Equal(Recovery.WithDependency, Assert.IsType<PartFailureException>(again).Recovery);
    }

    // The checkpointer tells the other processes that commits must wait, and it reads the setting later than the session that asked for it.
    private async Task UntilCommitsWaitAsync()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await Record.ExceptionAsync(() => StoreAsync(SomeResult.Row())) is PartFailureException)
            {
                return;
            }
        }

        Assert.Fail("PostgreSQL committed 100 rows without waiting for its standby");
    }

    private async Task StoreAsync(ResultRow row)
    {
        var options = new ResultsOptions { CommandTimeout = TimeSpan.FromSeconds(1), RetryAttempts = 0 };
        var writer = new ResultWriter(_database.Source, options, TimeProvider.System, NullLogger<ResultWriter>.Instance);
        Assert.Empty(await writer.WriteAsync([row], CancellationToken.None));
    }

    private async Task WaitForStandbyAsync(string name)
    {
        await _database.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await _database.ExecuteAsync("SELECT pg_reload_conf()");
        while (await _database.ScalarAsync<string>("SHOW synchronous_standby_names") != name)
        {
            await Task.Delay(20);
        }
    }
}
