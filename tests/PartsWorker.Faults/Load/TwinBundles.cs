using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PartsWorker.Faults.Load;

/// <summary>Two versions of one bundle that differ in the names of their classes alone: every row then tells by its own words which of them made it.</summary>
internal sealed class TwinBundles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("parts-twins-");

    /// <param name="source">The bundle that is copied twice.</param>
    public TwinBundles(string source)
    {
        (FolderA, KeyA) = Copy(source, "1-twin");
        (FolderB, KeyB) = Copy(source, "2-twin");
    }

    /// <summary>Folder of <c>name/version</c> folders.</summary>
    public string Root => _root.FullName;

    public string FolderA { get; }

    public string KeyA { get; }

    public string FolderB { get; }

    public string KeyB { get; }

    public void Dispose() => _root.Delete(recursive: true);

    private (string Folder, string Key) Copy(string source, string version)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "bundle.json")))!;
        var target = Path.Combine(_root.FullName, (string)manifest["name"]!, version);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        manifest["version"] = version;
        manifest["files"]!["labels.json"] = Rename(Path.Combine(target, "labels.json"), version);
        File.WriteAllText(Path.Combine(target, "bundle.json"), manifest.ToJsonString());
        return (target, $"{(string)manifest["name"]!}@{version}");
    }

    /// <summary>Puts the version behind each class name; returns the new SHA-256.</summary>
    private static string Rename(string file, string version)
    {
        var labels = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (var part in labels["classes"]!.AsArray())
        {
            part!["name"] = $"{(string)part["name"]!} @{version}";
        }

        File.WriteAllText(file, labels.ToJsonString());
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    }
}
