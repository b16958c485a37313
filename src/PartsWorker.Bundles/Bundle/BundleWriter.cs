namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// Writes a new bundle: fill <see cref="Directory"/>, then <see cref="Commit"/>. The bundle appears under its final name in one rename, or
/// not at all.
/// </summary>
public sealed class BundleWriter : IDisposable
{
    private readonly string _final;
    private bool _committed;

    private BundleWriter(string final, string temporary)
    {
        _final = final;
        Directory = temporary;
    }

    /// <summary>The temporary folder to put the stage files and golden images in.</summary>
    public string Directory { get; }

    /// <summary>Finds before hours of work what <see cref="Begin"/> and <see cref="Commit"/> would refuse after them.</summary>
    /// <exception cref="BundleException">That version exists already, or a name has other characters than a bundle may have.</exception>
    public static void RequireNew(string modelsRoot, string name, string version)
    {
        if (!ManifestRules.IsName(name) || !ManifestRules.IsName(version))
        {
            throw new BundleException($"{name}@{version}: name and version must be letters, digits, '.', '_' or '-'");
        }

        RefuseExisting(Path.GetFullPath(Path.Combine(modelsRoot, name, version)));
    }

    /// <summary>Starts <c>modelsRoot/name/version</c>.</summary>
    /// <exception cref="BundleException">That version exists already: a bundle is never changed once written.</exception>
    public static BundleWriter Begin(string modelsRoot, string name, string version)
    {
        var final = Path.GetFullPath(Path.Combine(modelsRoot, name, version));
        RefuseExisting(final);
        var temporary = Path.Combine(modelsRoot, name, $".{version}.{Guid.NewGuid():N}");
        System.IO.Directory.CreateDirectory(Path.Combine(temporary, "golden"));
        return new BundleWriter(final, temporary);
    }

    public void Write(LabelSet labels) =>
        BundleJson.Write(Path.Combine(Directory, LabelSet.FileName), labels, BundleJson.Indented.LabelSet);

    public void Write(GalleryIndex gallery) =>
        BundleJson.Write(Path.Combine(Directory, GalleryIndex.FileName), gallery, BundleJson.Compact.GalleryIndex);

    public void Write(GoldenSet golden, string file = GoldenSet.FileName) =>
        BundleJson.Write(Path.Combine(Directory, file), golden, BundleJson.Compact.GoldenSet);

    /// <summary>Hashes what was written, adds the manifest, renames the folder and opens the result.</summary>
    public ModelBundle Commit(BundleManifest manifest)
    {
        manifest = manifest with { Files = BundleFiles.HashAll(Directory) };
        ManifestRules.Check(Directory, manifest);
        BundleJson.Write(Path.Combine(Directory, BundleManifest.FileName), manifest, BundleJson.Indented.BundleManifest);
        ModelBundle.Open(Directory);
        RefuseExisting(_final);
        System.IO.Directory.Move(Directory, _final);
        _committed = true;
        return ModelBundle.Open(_final);
    }

    public void Dispose()
    {
        if (!_committed && System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private static void RefuseExisting(string final)
    {
        if (System.IO.Directory.Exists(final))
        {
            throw new BundleException($"{final}: this version exists already, and a bundle is never changed; choose a new version");
        }
    }
}
