using System.Security.Cryptography;

namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// The files of a bundle and their hashes: every file except the manifest is listed, exists and is unchanged.
/// </summary>
internal static class BundleFiles
{
    public static SortedDictionary<string, string> HashAll(string directory)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Names(directory))
        {
            hashes[name] = Hash(Path.Combine(directory, name));
        }

        return hashes;
    }

    /// <summary>Verifies that the listed files exist unchanged, and that the folder contains no others.</summary>
    public static void Verify(string directory, IReadOnlyDictionary<string, string> expected)
    {
        VerifyHashes(directory, expected);

        // ONNX Runtime loads external data named in an .onnx file unchecked, so a file that the manifest does not list is refused.
        if (Names(directory).FirstOrDefault(name => !expected.ContainsKey(name)) is { } unlisted)
        {
            throw new BundleException(
                $"{directory}: {unlisted} is not listed in {BundleManifest.FileName}; a bundle is never changed once written");
        }
    }

    /// <summary>Verifies that the listed files exist unchanged.</summary>
    public static void VerifyHashes(string directory, IEnumerable<KeyValuePair<string, string>> expected)
    {
        foreach (var (name, hash) in expected)
        {
            var path = Inside(directory, name);
            if (!File.Exists(path))
            {
                throw new BundleException($"{directory}: {name} is listed in {BundleManifest.FileName} but missing");
            }

            if (!string.Equals(Hash(path), hash, StringComparison.OrdinalIgnoreCase))
            {
                throw new BundleException($"{directory}: {name} was altered: its SHA-256 is not the one in {BundleManifest.FileName}");
            }
        }
    }

    private static string Inside(string directory, string name)
    {
        var root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root, StringComparison.Ordinal)
            ? path
            : throw new BundleException($"{directory}: {BundleManifest.FileName} lists {name}, which is outside the bundle");
    }

    private static IEnumerable<string> Names(string directory) => Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(directory, path).Replace('\\', '/'))
        .Where(name => !string.Equals(name, BundleManifest.FileName, StringComparison.Ordinal));

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
