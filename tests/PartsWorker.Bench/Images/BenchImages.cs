using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Images;

/// <summary>The folder of JPEG files that a run uses: given by the user, or filled with synthetic images.</summary>
internal static class BenchImages
{
    /// <summary>Writes <paramref name="count"/> images if the folder has none yet, and lists its images.</summary>
    public static IReadOnlyList<string> Ensure(string folder, int count, CancellationToken cancellation) =>
        Ensure(folder, count, BenchImage.DefaultSize, cancellation);

    /// <summary>The same with images of another size.</summary>
    public static IReadOnlyList<string> Ensure(string folder, int count, ImageSize size, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var missing = Enumerable.Range(0, count).Where(number => !File.Exists(PathOf(folder, number)));
        if (Find(folder).Count == 0 || Find(folder)[0] == PathOf(folder, 0))
        {
            var options = new ParallelOptions { CancellationToken = cancellation };
            Parallel.ForEach(missing, options, number => Write(PathOf(folder, number), BenchImage.Jpeg(number, size)));
        }

        return Find(folder);
    }

    /// <summary>Full paths, sorted.</summary>
    public static List<string> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jpg").Select(Path.GetFullPath).Order(StringComparer.Ordinal)];

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

    private static string PathOf(string folder, int number) => Path.GetFullPath(Path.Combine(folder, $"bench-{number:000000}.jpg"));

    // Written completely or not at all: an interrupted run must not leave half an image for the next run.
    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
