using Microsoft.AspNetCore.Antiforgery;
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
    /// <summary>
    /// Answers a form without a valid antiforgery token: another tab has signed in since it was opened, the board has restarted, or the
    /// form is forged. Nobody is signed in; the browser is redirected to the page of the valid session, or else to a new form.
    /// </summary>
    public static void UseNewForms(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var isForged = context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false };
        if (!isForged || context.Request.Path != "/sign-in")
        {
            await next(context);
            return;
        }

        var returnUrl = await ReturnUrlAsync(context);
        var answer = context.User.Identity is { IsAuthenticated: true }
            ? TypedResults.LocalRedirect(LocalOrHome(returnUrl)) : Back(SignInProblem.Outdated, returnUrl);
        await answer.ExecuteAsync(context);
    });

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Checking the cookie is what postpones the idle timeout.
        routes.MapGet("/still-here", () => TypedResults.NoContent());
        routes.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        // Needs no antiforgery token: browsers never send the session cookie from other sites. Another tab may have signed out before.
        routes.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
    }

    private static async Task<string?> ReturnUrlAsync(HttpContext context)
    {
        // While this is set, the form cannot be read, nor whether there is one.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted))["returnUrl"];
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // Too large, or not a form in spite of its type; for the same reason it has no token.
            return null;
        }
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
