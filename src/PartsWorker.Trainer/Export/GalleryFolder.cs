using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes the folder <c>gallery/</c> of a bundle: as many small images per class as fit into a quarter of its bytes.</summary>
internal static class GalleryFolder
{
    /// <summary>Key in the data of bundle.json.</summary>
    public const string Note = "gallery images";

    /// <param name="directory">The bundle with all files but these images, its card and its manifest.</param>
    /// <param name="images">The image of each row; null = the row has none.</param>
    /// <param name="classes">Class of each row.</param>
    /// <returns>A description for the data of bundle.json; null if no image was written.</returns>
    public static string? Write(string directory, IReadOnlyList<GalleryImage?> images, IReadOnlyList<int> classes)
    {
        // A quarter of the whole is a third of the rest.
        var limit = new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) / 3;
        var small = First(images, classes);
        var perClass = small.Select(s => s.Number + 1).DefaultIfEmpty(0).Max();
        var most = perClass;
        while (most > 0 && small.Where(s => s.Number < most).Sum(s => (long)s.Content.Length) > limit)
        {
            most--;
        }

        var kept = small.Where(s => s.Number < most).ToArray();
        foreach (var (row, _, content) in kept)
        {
            var path = Path.Combine(directory, GalleryImages.FileOf(row));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        var reason = most < perClass ? $", fewer than the {perClass} available because the folder may take 25 % of the bundle" : "";
        return perClass == 0 ? null : $"{kept.Length:N0} JPEG files, at most {most} per class{reason}";
    }

    /// <summary>The first images of each class, numbered from 0 within the class.</summary>
    private static (int Row, int Number, byte[] Content)[] First(IReadOnlyList<GalleryImage?> images, IReadOnlyList<int> classes) =>
    [
        .. Enumerable.Range(0, images.Count)
            .Where(row => images[row] is not null)
            .GroupBy(row => classes[row])
            .SelectMany(g => g.Take(GalleryImages.MostPerClass).Select((row, number) => (row, number)))
            .AsParallel().AsOrdered()
            .Select(x => (x.row, x.number, images[x.row]!.ReadSmall())),
    ];
}
