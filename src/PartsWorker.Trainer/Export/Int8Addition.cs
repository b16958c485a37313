using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes a new version of a bundle with 8-bit graphs beside those of fp32, which stay the same.</summary>
internal static class Int8Addition
{
    public static (ModelBundle Bundle, IReadOnlyList<Int8Network> Networks) Write(
        ModelBundle bundle,
        IReadOnlyList<LabeledImage> training,
        Int8Options options,
        string version,
        DateTimeOffset now,
        IProgress<string>? progress = null,
        CancellationToken cancel = default)
    {
        var draft = BundleDraft.From(bundle);
        var (graphs, networks) = Int8Graphs.Make(draft, training, options, progress, cancel);
        return (NextVersion.Write(bundle, draft.With(graphs, Int8Graphs.Describe(networks)), version, now), networks);
    }
}
