using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using PartsWorker.Board.SignIn;
using PartsWorker.References;

namespace PartsWorker.Board.Try;

/// <summary>
/// <c>POST /api/classify</c>: the image as body, HTTP Basic with a database login, the JSON of <c>partsworker classify --json</c> back. It
/// accepts no cookie, so that no other site can use a person's session.
/// </summary>
internal static class ClassifyEndpoint
{
    public static void MapClassify(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/classify", ClassifyAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> ClassifyAsync(HttpContext context, ApiLogins logins, TryModel model, ImageOptions images)
    {
        var (session, problem) = await logins.FindAsync(
            context.Request.Headers.Authorization, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (session is null)
        {
            return Refuse(context, problem);
        }

        try
        {
            using var place = model.Reserve();
            using var image = await ReadAsync(context, images.MaxBytes);
            return image is null
                ? Problem(StatusCodes.Status413PayloadTooLarge, $"The image exceeds Images:MaxBytes ({images.MaxBytes} bytes).")
                : TypedResults.Json(await model.ClassifyAsync("body", image.Bytes, context.RequestAborted));
        }
        catch (TryProblemException error)
        {
            return Problem(StatusOf(error.Problem), error.Message);
        }
    }

    private static JsonHttpResult<ApiProblem> Refuse(HttpContext context, SignInProblem problem)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"partsworker\", charset=\"UTF-8\"";
        return problem switch
        {
            SignInProblem.TooManyAttempts => Problem(StatusCodes.Status429TooManyRequests, "Too many attempts. Wait a minute."),
            SignInProblem.DatabaseAway => Problem(StatusCodes.Status503ServiceUnavailable, "The database cannot be reached."),
            SignInProblem.NoRole => Problem(StatusCodes.Status403Forbidden, "This login has none of the board's roles."),
            _ => Problem(StatusCodes.Status401Unauthorized, "Send HTTP Basic credentials of a database login."),
        };
    }

    private static int StatusOf(TryProblem problem) => problem switch
    {
        TryProblem.BadImage => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    /// <returns>Null when the body is longer than the limit.</returns>
    private static async Task<FetchedImage?> ReadAsync(HttpContext context, int limit)
    {
        // The limit of the images holds here, not that of the server.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        using var buffer = new ImageBuffer(limit);
        int read;
        while (!buffer.IsOverLimit && (read = await context.Request.Body.ReadAsync(buffer.Free, context.RequestAborted)) > 0)
        {
            buffer.Advance(read);
        }

        return buffer.IsOverLimit ? null : buffer.ToImage();
    }

    private static JsonHttpResult<ApiProblem> Problem(int status, string line) =>
        TypedResults.Json(new ApiProblem(line), statusCode: status);

    /// <param name="Error">One line.</param>
    private sealed record ApiProblem(string Error);
}
