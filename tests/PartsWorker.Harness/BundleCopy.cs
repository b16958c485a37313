using System.Text.Json.Nodes;

namespace PartsWorker.Harness;

/// <summary>Copies a bundle under another version, so that a test can change it.</summary>
internal static class BundleCopy
{
    /// <summary>Copies a bundle to <c>root/name/version</c>; returns that folder.</summary>
    public static string Make(string source, string root, string version)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "bundle.json")))!;
        var target = Path.Combine(root, (string)manifest["name"]!, version);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Change(Path.Combine(target, "bundle.json"), json => json["version"] = version);
        return target;
    }

    /// <summary>Changes one JSON file in place.</summary>
    public static void Change(string file, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }
}
