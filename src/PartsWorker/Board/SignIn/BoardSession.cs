using Npgsql;

namespace PartsWorker.Board.SignIn;

/// <summary>
/// One signed-in person: the login, its roles, and a small connection pool under that login. The password exists only inside the pool and
/// is gone with it.
/// </summary>
internal sealed class BoardSession(string login, IReadOnlyList<string> roles, NpgsqlDataSource database, DateTimeOffset startedAt)
    : IAsyncDisposable
{
    // Never disposed: it has no timer, and work that outlives the session may still look at its token.
    private readonly CancellationTokenSource _end = new();
    private long _lastUsed = startedAt.UtcTicks;

    // The session itself, and work that may outlive it.
    private int _users = 1;

    public string Login => login;

    public IReadOnlyList<string> Roles => roles;

    /// <summary>Every statement of this person runs here, so that PostgreSQL decides what is allowed.</summary>
    public NpgsqlDataSource Database => database;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Cancelled when the session ends: what it still reads must stop then.</summary>
    public CancellationToken Ended => _end.Token;

    public DateTimeOffset LastUsed => new(Interlocked.Read(ref _lastUsed), TimeSpan.Zero);

    public void Touch(DateTimeOffset now) => Interlocked.Exchange(ref _lastUsed, now.UtcTicks);

    /// <summary>
    /// Keeps the connections open for work that the person started, until the returned handle is disposed; the session may end before.
    /// </summary>
    /// <exception cref="SessionEndedException">The session has ended.</exception>
    public IAsyncDisposable KeepDatabase() => TryKeepDatabase() ?? throw new SessionEndedException();

    /// <returns>Null when the session has ended.</returns>
    public IAsyncDisposable? TryKeepDatabase()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
        }
        while (users > 0 && Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return users > 0 ? new Release(this) : null;
    }

    /// <summary>Ends what runs for this person, and closes the connections unless work keeps them.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => Interlocked.Decrement(ref _users) == 0 ? database.DisposeAsync() : ValueTask.CompletedTask;

    private sealed class Release(BoardSession session) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
