using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace PartsWorker.Board.SignIn;

/// <summary>
/// The form post that starts a session, with the antiforgery token of its page, the one that ends it, and the request by which a page in
/// use postpones the end.
/// </summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Checking the cookie is what postpones the idle timeout.
        routes.MapGet("/still-here", () => TypedResults.NoContent());
        routes.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        // Needs no antiforgery token: browsers never send the session cookie from other sites.
        routes.MapPost("/sign-out", SignOutAsync);
    }

    private static async Task<RedirectHttpResult> SignInAsync(
        HttpContext context, [FromForm] string? login, [FromForm] string? password, [FromForm] string? returnUrl,
        DatabaseLogins logins, BoardSessions sessions, SignInLimits limits, ILogger<BoardSession> log)
    {
        var address = context.Connection.RemoteIpAddress;
        if (!limits.TryTake(address, login ?? ""))
        {
            log.TooManySignIns(address?.ToString());
            return Back(SignInProblem.TooManyAttempts, returnUrl);
        }

        var (session, problem) = await logins.SignInAsync(login ?? "", password ?? "", context.RequestAborted);
        if (session is null)
        {
            log.SignInRefused(address?.ToString(), problem);
            return Back(problem, returnUrl);
        }

        await sessions.EndAsync(SessionClaims.IdOf(context.User));
        var user = SessionClaims.UserOf(session, await sessions.AddAsync(session));
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, user);
        log.SignedIn(session.Login, string.Join(", ", session.Roles));
        return TypedResults.LocalRedirect(LocalOrHome(returnUrl));
    }

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, BoardSessions sessions)
    {
        await sessions.EndAsync(SessionClaims.IdOf(context.User));
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("~/sign-in");
    }

    private static RedirectHttpResult Back(SignInProblem problem, string? returnUrl) =>
        TypedResults.LocalRedirect($"~/sign-in?problem={problem}&returnUrl={Uri.EscapeDataString(LocalOrHome(returnUrl))}");

    /// <summary>Only paths of this page: a link in a mail must not lead elsewhere after the password was typed.</summary>
    internal static string LocalOrHome(string? returnUrl) =>
        returnUrl is ['/', not ('/' or '\\'), ..] && !returnUrl.Any(char.IsControl) ? returnUrl : "/";
}
