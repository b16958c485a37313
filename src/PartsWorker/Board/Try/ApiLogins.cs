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
        if (_sessionOf.TryGetValue(hash, out var id) && sessions.Find(id) is { } known)
        {
            sessions.Touch(id);
            return (known, SignInProblem.None);
        }

        _sessionOf.TryRemove(hash, out _);
        if (!limits.TryTake(address, given.Login))
        {
            return (null, SignInProblem.TooManyAttempts);
        }

        var (session, problem) = await logins.SignInAsync(given.Login, given.Password, cancellationToken);
        if (session is not null)
        {
            foreach (var (ended, _) in _sessionOf.Where(pair => sessions.Find(pair.Value) is null))
            {
                _sessionOf.TryRemove(ended, out _);
            }

            _sessionOf[hash] = await sessions.AddAsync(session);
        }

        return (session, problem);
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
}
