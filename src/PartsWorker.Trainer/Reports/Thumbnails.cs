using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Reports;

/// <summary>Small JPEGs inside a page, so that it needs no other files.</summary>
internal sealed class Thumbnails : IDisposable
{
    private const int Side = 96;
    private const int Quality = 75;

    private readonly Preprocessor _preprocessor = new(
        ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full)), new() { Size = Side }, new());

    private readonly byte[] _pixels = new byte[Side * Side * 3];

    /// <summary>An image with a caption; without the image if it cannot be read.</summary>
    /// <param name="path">The file; also the tooltip.</param>
    /// <param name="caption">Plain text.</param>
    /// <param name="style">Class of the caption in the page's style, such as <c>hit</c>.</param>
    public string Figure(string path, string caption, string style = "")
    {
        var image = DataUri(path) is { } uri ? $"<img src='{uri}' alt='' title='{HtmlPage.Text(path)}'>" : string.Empty;
        return $"<figure>{image}<span class='{style}'>{HtmlPage.Text(caption)}</span></figure>";
    }

    public void Dispose() => _preprocessor.Dispose();

    /// <returns>A small JPEG; null if the file cannot be read.</returns>
    public string? DataUri(string path)
    {
        try
        {
            _preprocessor.Prepare(File.ReadAllBytes(path), _pixels);
        }
        catch (Exception error) when (
            error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return $"data:image/jpeg;base64,{Convert.ToBase64String(JpegFile.Encode(_pixels, new(Side, Side), Quality))}";
    }
}
