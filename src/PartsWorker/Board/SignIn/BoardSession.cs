using Npgsql;

namespace PartsWorker.Board.SignIn;

/// <summary>
/// One signed-in person: the login, its roles, and a small connection pool under that login. The password exists only inside the pool and
/// is gone with it.
/// </summary>
internal sealed class BoardSession(string login, IReadOnlyList<string> roles, NpgsqlDataSource database, DateTimeOffset startedAt)
    : IAsyncDisposable
{
    private long _lastUsed = startedAt.UtcTicks;

    public string Login => login;

    public IReadOnlyList<string> Roles => roles;

    /// <summary>Every statement of this person runs here, so that PostgreSQL decides what is allowed.</summary>
    public NpgsqlDataSource Database => database;

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset LastUsed => new(Interlocked.Read(ref _lastUsed), TimeSpan.Zero);

    public void Touch(DateTimeOffset now) => Interlocked.Exchange(ref _lastUsed, now.UtcTicks);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
