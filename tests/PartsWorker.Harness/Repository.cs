namespace PartsWorker.Harness;

/// <summary>The checkout that the running program was built from, and its test data.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(FindRoot);

    /// <summary>The folder of <c>PartsWorker.sln</c>.</summary>
    /// <exception cref="InvalidOperationException">The program does not run from a checkout.</exception>
    public static string Root => Found.Value;

    /// <summary>The folder of a small trained bundle: the newest version of real-parts.</summary>
    public static string Bundle => NewestVersionOf("real-parts");

    /// <summary>Its key, such as <c>real-parts@2.0.0</c>.</summary>
    public static string BundleKey => $"real-parts@{Path.GetFileName(Bundle)}";

    /// <summary>The folder of another trained bundle: the newest version of parts-demo.</summary>
    public static string DemoBundle => NewestVersionOf("parts-demo");

    /// <summary>Its key, such as <c>parts-demo@2.0.0</c>.</summary>
    public static string DemoBundleKey => $"parts-demo@{Path.GetFileName(DemoBundle)}";

    /// <summary>Folder of good images of every kind: color, gray, CMYK, palette, alpha, EXIF orientation.</summary>
    public static string GoldenImages => Path.Combine(Root, "tests", "PartsWorker.Bundles.Tests", "Golden", "images");

    private static string NewestVersionOf(string name) => Directory.GetDirectories(Path.Combine(Root, "models", name))
        .Where(folder => File.Exists(Path.Combine(folder, "bundle.json")))
        .MaxBy(folder => Version.TryParse(Path.GetFileName(folder), out var version) ? version : new Version())
        ?? throw new InvalidOperationException($"{Path.Combine(Root, "models", name)} contains no bundle");

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
