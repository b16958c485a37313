using Microsoft.AspNetCore.Components.Authorization;
using Npgsql;

namespace PartsWorker.Board.SignIn;

/// <summary>The person of this circuit.</summary>
internal sealed class SignedIn(AuthenticationStateProvider authentication, BoardSessions sessions)
{
    /// <summary>Connections under the login of the person.</summary>
    /// <exception cref="SessionEndedException">The session has ended.</exception>
    public async ValueTask<NpgsqlDataSource> DatabaseAsync() => (await SessionAsync()).Database;

    /// <inheritdoc cref="DatabaseAsync"/>
    public async ValueTask<BoardSession> SessionAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return sessions.Find(SessionClaims.IdOf(state.User)) ?? throw new SessionEndedException();
    }

    /// <summary>For buttons; PostgreSQL decides again when they are used.</summary>
    public async ValueTask<bool> IsInAsync(string role) => (await SessionAsync()).Roles.Contains(role);
}

/// <summary>The session ended between two clicks.</summary>
internal sealed class SessionEndedException() : Exception("The session has ended: sign in again.");
