using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Images;

/// <summary>The folder of JPEG files that a run uses: given by the user, or filled with synthetic images.</summary>
internal static class BenchImages
{
    /// <summary>
    /// Lists the images of a folder. Before, it writes those of <paramref name="count"/> synthetic images that are missing, if the folder
    /// is empty or has no others, such as images of another size.
    /// </summary>
    /// <exception cref="UserErrorException">The folder contains other files, and no images.</exception>
    public static IReadOnlyList<string> Ensure(string folder, int count, CancellationToken cancellation) =>
        Ensure(folder, count, BenchImage.DefaultSize, cancellation);

    /// <summary>The same with images of another size.</summary>
    public static IReadOnlyList<string> Ensure(string folder, int count, ImageSize size, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var own = $"bench-{size}-";
        if (Directory.EnumerateFileSystemEntries(folder).All(path => Path.GetFileName(path).StartsWith(own, StringComparison.Ordinal)))
        {
            string PathOf(int number) => Path.GetFullPath(Path.Combine(folder, $"{own}{number:000000}.jpg"));
            var missing = Enumerable.Range(0, count).Where(number => !File.Exists(PathOf(number)));
            var options = new ParallelOptions { CancellationToken = cancellation };
            Parallel.ForEach(missing, options, number => Write(PathOf(number), BenchImage.Jpeg(number, size)));
        }

        return Find(folder) is { Count: > 0 } found
            ? found
            : throw new UserErrorException($"--images {folder}: contains no .jpg or .jpeg file; an empty folder would be filled");
    }

    /// <summary>Full paths, sorted.</summary>
    public static List<string> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(IsJpeg).Select(Path.GetFullPath).Order(StringComparer.Ordinal)];

    /// <summary>By its name; cameras write .JPG too.</summary>
    public static bool IsJpeg(string file) => Path.GetExtension(file).ToLowerInvariant() is ".jpg" or ".jpeg";

    /// <summary>Decodes and letterboxes one image that the user gave.</summary>
    /// <exception cref="UserErrorException">The image cannot be read; the message names the file.</exception>
    public static void Prepare(Preprocessor preprocessor, string file, Span<byte> pixels)
    {
        try
        {
            preprocessor.Prepare(File.ReadAllBytes(file), pixels);
        }
        catch (Exception error) when (
            error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--images: {file}: {error.Message}; remove the file", inner: error);
        }
    }

    // Written completely or not at all: an interrupted run must not leave half an image for the next run.
    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
