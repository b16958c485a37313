using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace PartsWorker.Board.Review;

/// <summary>
/// <c>/gallery/{model}/{n}?class=</c>: the n-th gallery image of a class. A client names a model and a class, never a path.
/// </summary>
internal static class GalleryEndpoints
{
    public static void MapGallery(this IEndpointRouteBuilder routes) => routes.MapGet("/gallery/{model}/{n:int}", Serve);

    private static Results<PhysicalFileHttpResult, NotFound> Serve(
        string model, int n, string? @class, GalleryPictures gallery, HttpContext context)
    {
        if (@class is null || gallery.Find(model, @class, n) is not { } file)
        {
            return TypedResults.NotFound();
        }

        // A version of a bundle never changes.
        context.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.PhysicalFile(file, "image/jpeg");
    }
}
