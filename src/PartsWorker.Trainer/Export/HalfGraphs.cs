using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Export;

/// <summary>Makes the float16 graphs of a bundle, which the worker runs on CUDA.</summary>
internal static class HalfGraphs
{
    public const string Description = "convolutions and what follows them; normalization, embedding and logits in float32";

    /// <summary>Converts the networks of a draft; a meta model that reads features stays float32.</summary>
    /// <exception cref="UserErrorException">A network has no convolution, or weights beyond the range of float16.</exception>
    public static PrecisionGraphs Make(BundleDraft draft) => new(
        Precision.Fp16,
        HalfNetwork.Convert(GalleryGraph.Without(draft.StageOne)),
        draft.Manifest.StageOne.Features is null ? HalfNetwork.Convert(draft.StageTwo) : null);

    /// <summary>Writes a new version of a bundle with float16 graphs beside the others, which stay the same.</summary>
    public static ModelBundle Add(ModelBundle bundle, string version, DateTimeOffset now)
    {
        var draft = BundleDraft.From(bundle);
        return NextVersion.Write(bundle, draft.With(Make(draft), Description), version, now);
    }
}
