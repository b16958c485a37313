using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes the next version of a bundle and records its golden outputs again, because its hits may have changed.</summary>
internal static class NextVersion
{
    /// <summary>The folder that contains <c>name/version</c> of a bundle.</summary>
    public static string RootOf(ModelBundle bundle) => Path.GetDirectoryName(Path.GetDirectoryName(bundle.Directory))!;

    /// <summary>The golden images of a bundle, each with its true class, or with the recorded answer if that is not known.</summary>
    public static IEnumerable<LabeledImage> GoldenImages(ModelBundle bundle) => bundle.ReadGolden().Images.Select(
        g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass ?? g.ClassId));

    /// <param name="draft">Content of the new version.</param>
    /// <param name="root">Folder for <c>name/version</c>.</param>
    /// <param name="version">Folder name of the new version.</param>
    /// <param name="golden">Golden images with the class ids of the draft.</param>
    public static ModelBundle Write(BundleDraft draft, string root, string version, IReadOnlyList<LabeledImage> golden)
    {
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
}
