using System.Text.Json.Nodes;

namespace PartsWorker.IntegrationTests.Support;

/// <summary>Files of this repository, and copies of its bundle to change.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Bundle { get; } = Path.Combine(Root, "models", "real-parts", "1.0.0");

    /// <summary>A copy of the bundle under another version, in <c>root/real-parts/version</c>.</summary>
    public static string CopyBundle(string root, string version)
    {
        var target = Path.Combine(root, "real-parts", version);
        foreach (var file in Directory.EnumerateFiles(Bundle, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Bundle, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var manifest = Path.Combine(target, "bundle.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["version"] = version;
        File.WriteAllText(manifest, json.ToJsonString());
        return target;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PartsWorker.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("PartsWorker.sln not found above the tests");
        }

        return folder;
    }
}
