using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Writes a new version of a bundle that decodes JPEGs at another scale, and records its golden outputs again. Networks, gallery and fitted
/// constants stay the same: they describe letterboxed pixels, which change a little for large images and not at all for small ones.
/// </summary>
internal static class DecodeScaleChange
{
    public static ModelBundle Write(ModelBundle bundle, DecodeScale scale, string version, DateTimeOffset now)
    {
        var draft = BundleDraft.From(bundle);
        draft = draft with
        {
            Manifest = draft.Manifest with
            {
                Preprocessing = draft.Manifest.Preprocessing with { DecodeScale = scale, Decoder = ImageDecoders.CheaperFor(scale) },
            },
        };
        return NextVersion.Write(bundle, draft, version, now);
    }
}
