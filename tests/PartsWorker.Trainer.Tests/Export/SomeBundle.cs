using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>The first bundle of the repository, and its golden images as a data set.</summary>
internal static class SomeBundle
{
    public static ModelBundle Open()
    {
        var manifest = Directory.EnumerateFiles(Path.Combine(Repository.Root, "models"), "bundle.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        return ModelBundle.Open(Path.GetDirectoryName(manifest)!);
    }

    public static LabeledImage[] Images(ModelBundle bundle) =>
    [
        .. bundle.ReadGolden().Images
            .Where(g => g.TrueClass is not null)
            .Select(g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass!.Value)),
    ];
}
