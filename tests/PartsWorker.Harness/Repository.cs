namespace PartsWorker.Harness;

/// <summary>The checkout that the running program was built from, and its test data.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>PartsWorker.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of a small trained bundle: the one version of real-parts.</summary>
    public static string Bundle { get; } = OnlyVersionOf("real-parts");

    /// <summary>Its key, such as <c>real-parts@2.0.0</c>.</summary>
    public static string BundleKey { get; } = $"real-parts@{Path.GetFileName(Bundle)}";

    /// <summary>The folder of another trained bundle: the one version of parts-demo.</summary>
    public static string DemoBundle { get; } = OnlyVersionOf("parts-demo");

    /// <summary>Its key, such as <c>parts-demo@2.0.0</c>.</summary>
    public static string DemoBundleKey { get; } = $"parts-demo@{Path.GetFileName(DemoBundle)}";

    /// <summary>Folder of good images of every kind: color, gray, CMYK, palette, alpha, EXIF orientation.</summary>
    public static string GoldenImages { get; } = Path.Combine(Root, "tests", "PartsWorker.Bundles.Tests", "Golden", "images");

    private static string OnlyVersionOf(string name) => Directory.GetDirectories(Path.Combine(Root, "models", name)).Single();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("not inside the repository: no parent folder contains PartsWorker.sln");
    }
}
