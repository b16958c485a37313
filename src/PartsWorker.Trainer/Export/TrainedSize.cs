using System.Globalization;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>The input size that a bundle's networks were trained at, where the bundle reads larger images.</summary>
internal static class TrainedSize
{
    /// <summary>The key in the data of a bundle.</summary>
    public const string DataKey = "training size";

    private const string Unit = " px";

    public static string Describe(int size) => $"{size}{Unit}";

    /// <summary>Side in pixels; the bundle's own size if it states no other.</summary>
    public static int Of(BundleManifest manifest) =>
        manifest.Data.TryGetValue(DataKey, out var text)
        && int.TryParse(text.Replace(Unit, string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture, out var size)
            ? size
            : manifest.Preprocessing.Size;
}
