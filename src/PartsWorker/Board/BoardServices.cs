using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using PartsWorker.Board.Find.Export;
using PartsWorker.Board.DeadLetters;
using PartsWorker.Board.Images;
using PartsWorker.Board.Live;
using PartsWorker.Board.Models;
using PartsWorker.Board.Reprocessing;
using PartsWorker.Board.Review;
using PartsWorker.Board.SignIn;
using PartsWorker.Board.Try;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Reprocessing;

namespace PartsWorker.Board;

internal static class BoardServices
{
    private const int LongestMessage = 1024 * 1024;

    /// <summary>Section <c>Board</c>, the pages and everything they need except images and models, which have their own rooms.</summary>
    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSection<BoardOptions>(BoardOptions.Section).TryAddSingleton(TimeProvider.System);
        // Choosing a folder sends the names of all its files in one message, and a grid the ids of all that are selected.
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.AddMudServices();
        return services
            .AddSessions()
            .AddSingleton(provider => new BoardDatabase(
                PostgresSource.Open(provider.GetRequiredService<IConfiguration>(), "partsworker board")))
            .AddSingleton<ImageRenderer>()
            .AddSingleton<BoardImages>()
            .AddSingleton<GalleryPictures>()
            .AddSingleton<LiveFeed>()
            .AddSingleton<TryModel>()
            .AddSingleton<TryImages>()
            .AddSingleton<ApiLogins>()
            .AddSingleton<ExportEndpoint>()
            .AddSingleton<ModelActions>()
            .AddSingleton<BoardBroker>()
            .AddSection<ReprocessOptions>(ReprocessOptions.Section)
            .AddSingleton<BackgroundReprocessing>()
            .AddSingleton<LetterShelf>();
    }

    /// <summary>The middleware in its order, then the routes.</summary>
    public static void UseBoard(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<BoardOptions>();
        if (options.BehindProxy)
        {
            app.UseForwardedHeaders(ProxyHeaders());
        }

        app.UseMiddleware<SecurityHeaders>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseNewForms();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/health/live", () => "live").AllowAnonymous();
        app.MapSignIn();
        app.MapImages();
        app.MapLetterImages();
        app.MapGallery();
        app.MapClassify();
        ExportEndpoint.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<BoardOptions>(SessionCookies.Configure);
        services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(BoardRoles.All).Build());
        services.AddCascadingAuthenticationState();
        // Sessions live in memory, so keys that outlive the process would protect nothing.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services
            .AddSingleton<BoardSessions>()
            .AddSingleton<DatabaseLogins>()
            .AddSingleton<SignInLimits>()
            .AddSingleton<SessionCookies>()
            .AddHostedService<SessionSweep>()
            .AddScoped<SignedIn>()
            .AddScoped<AuthenticationStateProvider, SessionState>();
    }

    private static ForwardedHeadersOptions ProxyHeaders()
    {
        // The proxy may be on any address; Board:BehindProxy promises that nothing else can connect.
        var headers = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        return headers;
    }
}
