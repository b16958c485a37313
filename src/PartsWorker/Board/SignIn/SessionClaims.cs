using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace PartsWorker.Board.SignIn;

/// <summary>What the cookie says: the id of the session, and for the page's own rules its login and roles.</summary>
internal static class SessionClaims
{
    private const string SessionId = "session";

    public static ClaimsPrincipal UserOf(BoardSession session, string id)
    {
        Claim[] claims =
        [
            new(ClaimTypes.Name, session.Login), new(SessionId, id), .. session.Roles.Select(role => new Claim(ClaimTypes.Role, role)),
        ];
        return new(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    }

    public static string? IdOf(ClaimsPrincipal user) => user.FindFirstValue(SessionId);
}
