using PartsWorker.Model.Bundle;

namespace PartsWorker.Model.Tests.Support;

/// <summary>The bundle that lies in the repository, with its 66 golden images.</summary>
internal static class ReferenceBundle
{
    private static readonly Lazy<ModelBundle> Opened = new(() => ModelBundle.Open(Folder!));
    private static readonly Lazy<GoldenSet> Golden = new(() => Opened.Value.ReadGolden());

    public static string Folder { get; } = Path.Combine(Root(), "models", "parts-reference", "1.0.0");

    public static ModelBundle Bundle => Opened.Value;

    public static IReadOnlyList<GoldenImage> Images => Golden.Value.Images;

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, "golden", file));

    /// <summary>A copy that a test may damage.</summary>
    public static string CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}
