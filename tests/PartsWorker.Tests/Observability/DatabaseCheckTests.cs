using Npgsql;
using PartsWorker.Database;
using PartsWorker.Observability;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Observability;

public sealed class DatabaseCheckTests : IDatabaseProbe, IDisposable
{
    private readonly ManualTime _time = new();
    private readonly WorkerState _state = new(TimeProvider.System);
    private readonly ListLogger<DatabaseCheck> _log = new();
    private readonly DatabaseCheck _check;
    private Exception? _failure;
    private int _probes;

    public DatabaseCheckTests() => _check = new DatabaseCheck(this, _state, _time, _log);

    public void Dispose() => _check.Dispose();

    [Fact]
    public void A_worker_is_not_ready_before_its_database_was_checked()
    {
        _state.BrokerConnected(Client.Lane.Live);
        _state.ModelActive("m@1", "cpu");

        Assert.False(_state.IsReady);
        Assert.Equal("database", Assert.Single(_state.Problems.Keys));
    }

    [Theory]
    [InlineData("28P01", "PostgreSQL refused user or password: check ConnectionStrings:Postgres")]
    [InlineData("42P01", "the database is not migrated: run `partsworker migrate`")]
    public async Task A_check_that_fails_names_the_reason_once_in_the_log_and_is_repeated(string state, string reason)
    {
        _failure = new PostgresException("no", "FATAL", "FATAL", state);
        await _check.StartAsync(CancellationToken.None);
        await UntilAsync(() => _time.WaitingTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(3));
        await UntilAsync(() => _probes == 2 && _time.WaitingTimers == 1);

        Assert.Equal(reason, _state.Problems["database"]);
        Assert.Contains(reason, Assert.Single(_log.Entries).Line, StringComparison.Ordinal);
        await _check.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_check_that_passed_is_not_repeated()
    {
        _failure = new TimeoutException("no answer");
        await _check.StartAsync(CancellationToken.None);
        await UntilAsync(() => _time.WaitingTimers == 1);
        _failure = null;
        _time.Advance(TimeSpan.FromSeconds(3));
        await _check.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.DoesNotContain("database", _state.Problems.Keys);
        Assert.Equal(2, _probes);
        Assert.Equal(0, _time.WaitingTimers);
    }

    Task IDatabaseProbe.ProbeAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _probes);
        return _failure is null ? Task.CompletedTask : Task.FromException(_failure);
    }

    private static async Task UntilAsync(Func<bool> done)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!done())
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
