using System.Security.Cryptography;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Load;

/// <summary>
/// Two versions of one bundle that differ only in their class names, so that every row shows which of them classified the image.
/// </summary>
internal sealed class TwinBundles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("parts-twins-");

    /// <param name="source">The bundle to copy twice.</param>
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
        var target = BundleCopy.Make(source, _root.FullName, version);
        var labels = Rename(Path.Combine(target, "labels.json"), version);
        BundleCopy.Change(Path.Combine(target, "bundle.json"), manifest => manifest["files"]!["labels.json"] = labels);
        return (target, $"{Path.GetFileName(Path.GetDirectoryName(target))}@{version}");
    }

    /// <summary>Appends the version to each class name; returns the new SHA-256.</summary>
    private static string Rename(string file, string version)
    {
        BundleCopy.Change(file, labels =>
        {
            foreach (var part in labels["classes"]!.AsArray())
            {
                part!["name"] = $"{(string)part["name"]!} @{version}";
            }
        });
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    }
}
