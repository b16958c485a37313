namespace PartsWorker.Bundles.Bundle;

/// <summary>Finds and checks the manifest of a bundle folder.</summary>
internal static class BundleManifestFile
{
    /// <returns>The full path of the folder, without a slash at its end, and the manifest.</returns>
    /// <exception cref="BundleException">The manifest is missing or not valid.</exception>
    public static (string Directory, BundleManifest Manifest) Read(string directory)
    {
        // Removes the slash that shells append: files are compared with this path, and callers derive the parent folders from it.
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!Directory.Exists(full))
        {
            throw new BundleException($"{directory}: no such model bundle folder");
        }

        var path = Path.Combine(full, BundleManifest.FileName);
        if (!File.Exists(path))
        {
            throw new BundleException($"{directory}: holds no {BundleManifest.FileName}; a bundle folder is models/<name>/<version>");
        }

        var manifest = BundleJson.Read(path, BundleJson.Compact.BundleManifest);
        ManifestRules.Check(directory, manifest);
        return (full, manifest);
    }
}
