using Microsoft.Extensions.Time.Testing;
using Npgsql;
using PartsWorker.Board;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Tests.Board;

public sealed class BoardSessionsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly BoardSessions _sessions;

    public BoardSessionsTests() => _sessions = new(
        new BoardOptions { IdleTimeout = TimeSpan.FromMinutes(10), Lifetime = TimeSpan.FromHours(1) }, _time);

    [Fact]
    public async Task A_session_ends_after_the_idle_timeout()
    {
        var id = await _sessions.AddAsync(Session());
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(_sessions.Find(id));

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(_sessions.Find(id));
    }

    [Fact]
    public async Task Use_postpones_the_idle_timeout_but_not_the_end_of_its_lifetime()
    {
        var id = await _sessions.AddAsync(Session());
        for (var minute = 0; minute < 59; minute += 5)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            Assert.NotNull(_sessions.Find(id));
            _sessions.Touch(id);
        }

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(_sessions.Find(id));
    }

    [Fact]
    public async Task Use_after_the_end_does_not_bring_a_session_back()
    {
        var id = await _sessions.AddAsync(Session());
        _time.Advance(TimeSpan.FromMinutes(11));

        _sessions.Touch(id);

        Assert.Null(_sessions.Find(id));
    }

    [Fact]
    public async Task Ending_a_session_closes_its_connections()
    {
        var session = Session();
        var id = await _sessions.AddAsync(session);

        await _sessions.EndAsync(id);

        Assert.Null(_sessions.Find(id));
        Assert.Throws<ObjectDisposedException>(() => session.Database.OpenConnection());
    }

    [Fact]
    public async Task A_session_more_than_allowed_ends_the_one_that_was_idle_longest()
    {
        var first = await _sessions.AddAsync(Session());
        for (var count = 1; count < BoardSessions.MaxSessions; count++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await _sessions.AddAsync(Session());
        }

        _sessions.Touch(first);
        await _sessions.AddAsync(Session());

        Assert.Equal(BoardSessions.MaxSessions, _sessions.Count);
        Assert.NotNull(_sessions.Find(first));
    }

    [Fact]
    public void An_unknown_or_missing_id_is_no_session()
    {
        Assert.Null(_sessions.Find(null));
        Assert.Null(_sessions.Find("0"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _sessions.DisposeAsync().AsTask();

    private BoardSession Session() => new(
        "anna", [BoardRoles.Reader], NpgsqlDataSource.Create("Host=127.0.0.1;Username=anna"), _time.GetUtcNow());
}
