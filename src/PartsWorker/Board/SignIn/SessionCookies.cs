using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace PartsWorker.Board.SignIn;

/// <summary>The session cookie: not readable by scripts, never sent from other sites, refused once its session has ended.</summary>
internal sealed class SessionCookies(BoardSessions sessions) : CookieAuthenticationEvents
{
    public const string Name = "partsworker-board";

    public static void Configure(CookieAuthenticationOptions cookies, BoardOptions options)
    {
        cookies.Cookie.Name = Name;
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Strict;
        // Behind a proxy the request is https when X-Forwarded-Proto says so.
        cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookies.ExpireTimeSpan = options.Lifetime;
        cookies.SlidingExpiration = false;
        cookies.LoginPath = "/sign-in";
        cookies.AccessDeniedPath = "/sign-in";
        cookies.ReturnUrlParameter = "returnUrl";
        cookies.EventsType = typeof(SessionCookies);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = context.Principal is { } user ? SessionClaims.IdOf(user) : null;
        if (sessions.Find(id) is null)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
        else if (!IsBackground(context.Request))
        {
            sessions.Touch(id);
        }
    }

    // A page that is left open loads thumbnails and acknowledges what is drawn; board.js reports clicks and keys.
    private static bool IsBackground(HttpRequest request) => IsBelow(request, "/_blazor") || IsBelow(request, "/images");

    private static bool IsBelow(HttpRequest request, string path) =>
        request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        // Programs and images get the status; a person gets the page.
        if (IsBelow(context.Request, "/api") || IsBelow(context.Request, "/images"))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        return base.RedirectToLogin(context);
    }
}
