using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using PartsWorker.Board.Images;

namespace PartsWorker.Board.DeadLetters;

/// <summary>
/// <c>/images/dead-letters/{key}/thumb</c> and <c>/large</c>: images that have no row. The key names a letter of the last reading; its
/// reference comes from the message and passes the worker's rules.
/// </summary>
internal static class LetterImages
{
    public static string Thumb(string key) => $"images/dead-letters/{key}/thumb";

    public static string Large(string key) => $"images/dead-letters/{key}/large";

    public static void MapLetterImages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/images/dead-letters/{key}/thumb", (string key, LetterShelf shelf, BoardImages images, HttpContext context) =>
            ServeAsync(shelf.Find(key), ImageView.Thumb, images, context));
        routes.MapGet("/images/dead-letters/{key}/large", (string key, LetterShelf shelf, BoardImages images, HttpContext context) =>
            ServeAsync(shelf.Find(key), ImageView.Large, images, context));
    }

    private static async Task<FileContentHttpResult> ServeAsync(
        ListedLetter? letter, ImageView view, BoardImages images, HttpContext context)
    {
        var image = letter is null ? BoardImage.Missing("This dead letter is no longer listed.")
            : letter.Uri is null ? BoardImage.Missing("The message cannot be read, so its image is unknown.")
            : await images.GetAsync(letter.Uri, letter.Sha256, view, context.RequestAborted);
        context.Response.Headers.CacheControl = image.IsMissing ? "no-store" : "private, max-age=600";
        return TypedResults.File(image.Content, image.ContentType);
    }
}
