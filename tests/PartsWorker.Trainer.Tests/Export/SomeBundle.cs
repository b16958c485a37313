using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>
/// A small trained bundle of two networks, parts-demo 1.4.0, and its golden images as a data set. The bundles under <c>models</c> have one.
/// </summary>
internal static class SomeBundle
{
    public static ModelBundle Open() =>
        ModelBundle.Open(Path.Combine(Repository.Root, "tests", "PartsWorker.Trainer.Tests", "Export", "TwoNetworks"));

    public static LabeledImage[] Images(ModelBundle bundle) =>
    [
        .. bundle.ReadGolden().Images
            .Where(g => g.TrueClass is not null)
            .Select(g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass!.Value)),
    ];
}
