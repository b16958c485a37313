using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Images;

/// <summary>The folder of JPEG files a run uses: given, or filled with made-up photographs.</summary>
internal static class BenchImages
{
    /// <summary>Writes <paramref name="count"/> images where the folder has none yet, and lists what is there.</summary>
    public static IReadOnlyList<string> Ensure(string folder, int count, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var missing = Enumerable.Range(0, count).Where(number => !File.Exists(PathOf(folder, number)));
        if (Find(folder).Count == 0 || Find(folder)[0] == PathOf(folder, 0))
        {
            var options = new ParallelOptions { CancellationToken = cancellation };
            Parallel.ForEach(missing, options, number => Write(PathOf(folder, number), BenchImage.Jpeg(number)));
        }

        return Find(folder);
    }

    /// <summary>Full paths, sorted.</summary>
    public static List<string> Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jpg").Select(Path.GetFullPath).Order(StringComparer.Ordinal)];

    /// <summary>Decodes and letterboxes one image that a person gave.</summary>
    /// <exception cref="UserErrorException">It cannot be read; names it.</exception>
    public static void Prepare(Preprocessor preprocessor, string file, Span<byte> pixels)
    {
        try
        {
            preprocessor.Prepare(File.ReadAllBytes(file), pixels);
        }
        catch (Exception error) when (error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--images: {file}: {error.Message}; take it out", inner: error);
        }
    }

    private static string PathOf(string folder, int number) => Path.GetFullPath(Path.Combine(folder, $"bench-{number:000000}.jpg"));

    // Whole or not at all: an interrupted run must not leave half a image for the next.
    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
