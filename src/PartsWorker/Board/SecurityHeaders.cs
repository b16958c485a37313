using Microsoft.AspNetCore.Http;

namespace PartsWorker.Board;

/// <summary>
/// Tells the browser to run no script but the page's own files, to load nothing from elsewhere, and never to show the page in a frame.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // MudBlazor positions its popovers by inline styles; scripts come from files only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        return next(context);
    }
}
