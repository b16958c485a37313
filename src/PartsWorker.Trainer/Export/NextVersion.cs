using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes the next version of a bundle and records its golden outputs again, because its hits may have changed.</summary>
internal static class NextVersion
{
    /// <summary>The folder that contains <c>name/version</c> of a bundle.</summary>
    public static string RootOf(ModelBundle bundle) => Path.GetDirectoryName(Path.GetDirectoryName(bundle.Directory))!;

    /// <summary>Refuses a version that exists, or whose name no bundle may have, before the work.</summary>
    /// <exception cref="BundleException">One line.</exception>
    public static void RequireNew(ModelBundle bundle, string version) => BundleWriter.RequireNew(RootOf(bundle), bundle.Name, version);

    /// <summary>Like <see cref="RequireNew"/>, for a version that keeps the fusion rule of the bundle.</summary>
    /// <exception cref="UserErrorException">The fusion rule needs several hits per class.</exception>
    /// <exception cref="BundleException">One line.</exception>
    public static void RequireWritable(ModelBundle bundle, string version)
    {
        RequireNew(bundle, version);
        RequireOneHit(bundle.Manifest);
    }

    /// <summary>The golden images of a bundle, each with its true class, or with the recorded answer if that is not known.</summary>
    public static IEnumerable<LabeledImage> GoldenImages(ModelBundle bundle) => bundle.ReadGolden().Images.Select(
        g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass ?? g.ClassId));

    /// <summary>The next version of a bundle, beside it and with its golden images.</summary>
    /// <exception cref="UserErrorException">The fusion rule of the draft needs several hits per class.</exception>
    public static ModelBundle Write(ModelBundle bundle, BundleDraft draft, string version, DateTimeOffset now) => Write(
        draft with { Manifest = draft.Manifest with { Created = now } }, RootOf(bundle), version, [.. GoldenImages(bundle)]);

    /// <param name="draft">Content of the new version.</param>
    /// <param name="root">Folder for <c>name/version</c>.</param>
    /// <param name="version">Folder name of the new version.</param>
    /// <param name="golden">Golden images with the class ids of the draft.</param>
    /// <exception cref="UserErrorException">The fusion rule of the draft needs several hits per class.</exception>
    public static ModelBundle Write(BundleDraft draft, string root, string version, IReadOnlyList<LabeledImage> golden)
    {
        RequireOneHit(draft.Manifest);
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            return draft.Write(root, version, GoldenRecorder.Record(draft, scratch, golden));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static void RequireOneHit(BundleManifest manifest)
    {
        if (manifest.Fusion.Rule != EvidenceRules.MaxHit)
        {
            throw new UserErrorException(
                $"{manifest.Name}@{manifest.Version}: its fusion rule {manifest.Fusion.Rule} needs several hits per class, but new "
                    + "versions have one; run partstrainer calibrate on it first");
        }
    }
}
