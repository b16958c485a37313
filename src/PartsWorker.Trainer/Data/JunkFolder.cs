namespace PartsWorker.Trainer.Data;

/// <summary>Images that show no known part: a folder with one folder per kind, or with images only.</summary>
internal static class JunkFolder
{
    /// <summary>Class id of the images, which belong to no class.</summary>
    public const int NoClass = -1;

    /// <exception cref="UserErrorException">The folder does not exist or contains no images.</exception>
    public static IReadOnlyList<LabeledImage> Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException(
                $"{folder}: no such folder; --junk expects images that show no part, such as those of synthesize --junk 320");
        }

        LabeledImage[] images =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(DataFolder.IsImage)
                .Order(StringComparer.Ordinal)
                .Select(file => new LabeledImage(file, NoClass)),
        ];
        return images.Length > 0 ? images : throw new UserErrorException($"{folder}: contains no images");
    }

    /// <summary>The kind of an image: the name of its folder.</summary>
    public static string KindOf(string file) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))!;
}
