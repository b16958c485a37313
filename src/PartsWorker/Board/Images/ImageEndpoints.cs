using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace PartsWorker.Board.Images;

/// <summary><c>/images/{imageId}/thumb</c> and <c>/images/{imageId}/large</c>. A client names an image id, never a path.</summary>
internal static class ImageEndpoints
{
    public static string Thumb(Guid imageId) => $"images/{imageId}/thumb";

    public static string Large(Guid imageId) => $"images/{imageId}/large";

    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/images/{imageId:guid}/thumb", (Guid imageId, BoardImages images, HttpContext context) =>
            ServeAsync(imageId, ImageView.Thumb, images, context));
        routes.MapGet("/images/{imageId:guid}/large", (Guid imageId, BoardImages images, HttpContext context) =>
            ServeAsync(imageId, ImageView.Large, images, context));
    }

    private static async Task<FileContentHttpResult> ServeAsync(
        Guid imageId, ImageView view, BoardImages images, HttpContext context)
    {
        try
        {
            var image = await images.GetAsync(imageId, view, context.RequestAborted);
            // An id names the same image for ever; one that is missing may come back.
            context.Response.Headers.CacheControl = image.IsMissing ? "no-store" : "private, max-age=86400";
            return TypedResults.File(image.Content, image.ContentType);
        }
        catch (Exception error) when (error is NpgsqlException or UserErrorException)
        {
            context.Response.Headers.CacheControl = "no-store";
            var reason = error is UserErrorException ? error.Message : "The database cannot be reached.";
            return TypedResults.File(Placeholder.Draw(reason), Placeholder.ContentType);
        }
    }
}
