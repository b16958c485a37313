using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board.Try;

/// <summary>
/// HTTP Basic credentials of programs, checked against PostgreSQL once and remembered as a keyed hash until the session ends.
/// </summary>
internal sealed class ApiLogins(DatabaseLogins logins, BoardSessions sessions, SignInLimits limits)
{
    private readonly ConcurrentDictionary<string, string> _sessionOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome>>> _signingIn = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <returns>The session, or the reason why there is none.</returns>
    public async Task<(BoardSession? Session, SignInProblem Problem)> FindAsync(
        string? header, IPAddress? address, CancellationToken cancellationToken)
    {
        if (Parse(header) is not { } given)
        {
            return (null, SignInProblem.WrongLogin);
        }

        var hash = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{given.Login}\0{given.Password}")));
        var outcome = Known(hash) ?? await _signingIn
            .GetOrAdd(hash, _ => new(() => SignInAsync(hash, given.Login, given.Password, address))).Value.WaitAsync(cancellationToken);
        return (outcome.Session, outcome.Problem);
    }

    /// <summary><c>Basic base64(login:password)</c>, RFC 7617.</summary>
    internal static (string Login, string Password)? Parse(string? header)
    {
        if (header is null || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (pair[..colon], pair[(colon + 1)..]) : null;
    }

    private Outcome? Known(string hash)
    {
        if (!_sessionOf.TryGetValue(hash, out var id) || sessions.Find(id) is not { } session)
        {
            return null;
        }

        sessions.Touch(id);
        return new(session, SignInProblem.None);
    }

    // One for all requests that arrive meanwhile with these credentials: each would count as an attempt, and none of them may end it.
    private async Task<Outcome> SignInAsync(string hash, string login, string password, IPAddress? address)
    {
        try
        {
            if (Known(hash) is { } known)
            {
                return known;
            }

            if (!limits.TryTake(address, login))
            {
                return new(null, SignInProblem.TooManyAttempts);
            }

            var (session, problem) = await logins.SignInAsync(login, password, CancellationToken.None);
            await KeepAsync(hash, session);
            return new(session, problem);
        }
        finally
        {
            _signingIn.TryRemove(hash, out _);
        }
    }

    private async Task KeepAsync(string hash, BoardSession? session)
    {
        foreach (var (ended, _) in _sessionOf.Where(pair => sessions.Find(pair.Value) is null))
        {
            _sessionOf.TryRemove(ended, out _);
        }

        if (session is not null)
        {
            _sessionOf[hash] = await sessions.AddAsync(session);
        }
    }

    private sealed record Outcome(BoardSession? Session, SignInProblem Problem);
}
