using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Npgsql;
using PartsWorker.Board.Images;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Board.Try;

/// <summary>Reads what a person chose, classifies it, and renders its thumbnail.</summary>
internal sealed class TryImages(TryModel model, ImageFetcher fetcher, ImageRenderer renderer, ImageOptions options)
{
    /// <summary>Files of one choice, and cards on the page.</summary>
    public const int MaxFiles = 200;

    public async Task<TriedImage> OfFileAsync(IBrowserFile file, CancellationToken cancellationToken)
    {
        if (file.Size > options.MaxBytes)
        {
            return new(file.Name, null, null, $"{file.Size:N0} bytes exceed Images:MaxBytes ({options.MaxBytes:N0}).");
        }

        try
        {
            using var place = model.Reserve();
            var bytes = new byte[file.Size];
            await using var stream = file.OpenReadStream(options.MaxBytes, cancellationToken);
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return await TryAsync(file.Name, bytes, cancellationToken);
        }
        catch (TryProblemException error)
        {
            return new(file.Name, null, null, error.Message);
        }
        catch (Exception error) when (error is IOException or JSException or TimeoutException)
        {
            return new(file.Name, null, null, $"The browser did not send it: {error.Message}");
        }
    }

    public async Task<TriedImage> OfStoredAsync(Guid imageId, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var name = imageId.ToString();
        if (await ImageReference.FindAsync(database, imageId, cancellationToken) is not { } found)
        {
            return new(name, null, null, "There is no such image in the database.");
        }

        try
        {
            using var place = model.Reserve();
            using var image = await fetcher.FetchAsync(found.Uri, found.Sha256, cancellationToken);
            return await TryAsync(name, image.Bytes, cancellationToken);
        }
        catch (Exception error) when (error is PartFailureException or TryProblemException)
        {
            return new(name, null, null, error.Message);
        }
    }

    private async Task<TriedImage> TryAsync(string name, ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await model.ClassifyAsync(name, encoded, cancellationToken);
            var thumbnail = Convert.ToBase64String(renderer.Render(encoded.Span, ImageView.Thumb));
            return new(name, $"data:image/jpeg;base64,{thumbnail}", answer, null);
        }
        catch (Exception error) when (error is TryProblemException or UnreadableImageException or ImageTooLargeException)
        {
            return new(name, null, null, error.Message);
        }
    }
}
