namespace PartsWorker.Bundles.Bundle;

/// <summary><c>gallery.json</c>: the class id of each row of the gallery.</summary>
public sealed record GalleryIndex
{
    public const string FileName = "gallery.json";

    public required int Rows { get; init; }

    public required int[] ClassId { get; init; }
}
