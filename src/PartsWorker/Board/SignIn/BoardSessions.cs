using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PartsWorker.Board.SignIn;

/// <summary>The sessions of this process, by a random id that only the person's cookie contains. A restart ends all of them.</summary>
internal sealed class BoardSessions(BoardOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>More open sessions than a plant has people; the oldest idle one is ended for a new one.</summary>
    internal const int MaxSessions = 1000;

    private readonly ConcurrentDictionary<string, BoardSession> _sessions = new(StringComparer.Ordinal);

    public int Count => _sessions.Count;

    /// <returns>The id of the new session, 256 random bits.</returns>
    public async Task<string> AddAsync(BoardSession session)
    {
        await EndExpiredAsync();
        if (_sessions.Count >= MaxSessions)
        {
            await EndAsync(_sessions.MinBy(pair => pair.Value.LastUsed).Key);
        }

        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        _sessions[id] = session;
        return id;
    }

    /// <returns>The session, or null when it has ended.</returns>
    public BoardSession? Find(string? id) =>
        id is not null && _sessions.TryGetValue(id, out var session) && !IsExpired(session) ? session : null;

    /// <summary>Marks the session as used, which postpones its idle timeout.</summary>
    public void Touch(string? id) => Find(id)?.Touch(time.GetUtcNow());

    public async Task EndAsync(string? id)
    {
        if (id is not null && _sessions.TryRemove(id, out var session))
        {
            await session.EndAsync();
        }
    }

    public async Task EndExpiredAsync()
    {
        foreach (var (id, _) in _sessions.Where(pair => IsExpired(pair.Value)).ToArray())
        {
            await EndAsync(id);
        }
    }

    /// <summary>Ends the sessions whose login PostgreSQL no longer accepts or that lost their roles.</summary>
    public async Task EndRevokedAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, session) in _sessions.ToArray())
        {
            await using var keep = session.TryKeepDatabase();
            if (keep is not null
                && await DatabaseLogins.CheckAgainAsync(session, cancellationToken) is SignInProblem.WrongLogin or SignInProblem.NoRole)
            {
                await EndAsync(id);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _sessions.Keys)
        {
            await EndAsync(id);
        }
    }

    private bool IsExpired(BoardSession session)
    {
        var now = time.GetUtcNow();
        return now - session.LastUsed > options.IdleTimeout || now - session.StartedAt > options.Lifetime;
    }
}
