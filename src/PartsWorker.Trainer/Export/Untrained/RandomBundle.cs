using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Synthesis;

namespace PartsWorker.Trainer.Export.Untrained;

/// <summary>
/// Writes an untrained bundle for benchmarks. Gallery, labels and golden outputs come from rendered images, so that the worker loads and
/// verifies it like any other bundle. The same seed gives the same bundle.
/// </summary>
internal sealed class RandomBundle(RandomPair pair, int seed, int classes = PartCatalog.MaxClasses)
{
    private const int ImageSide = 128;
    private const int GoldenImages = 12;

    public string Name => $"random-{pair.Name}";

    public string Version => $"{seed}";

    public ModelBundle Write(string root, DateTimeOffset now, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            var folder = Path.Combine(scratch, "images");
            new Synthesizer(new() { Classes = classes, PerClass = 1, Seed = seed, Size = ImageSide }, folder).Run(progress: null, cancel);
            return Assemble(root, DataFolder.Open(folder, "train"), now, progress, cancel);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private ModelBundle Assemble(string root, DataFolder data, DateTimeOffset now, IProgress<int>? progress, CancellationToken cancel)
    {
        var (stageOne, stageTwo, features) = Graphs(new SettledWeights(data.Labels, data.Images, seed));
        return new BundleAssembler(new()
        {
            ModelsRoot = root,
            Name = Name,
            Version = Version,
            StageOne = stageOne,
            StageTwo = stageTwo,
            FeatureSize = features,
            EmbeddingSize = pair.StageOne.Embedding,
            InputSize = pair.StageOne.InputSize,
            // The fastest decoding is allowed, because the networks were not trained on pixels of full-size decoding.
            DecodeScale = DecodeScale.NoReserve,
            Labels = data.Labels,
            Training = data.Images,
            Validation = [],
            License = "MIT: random weights and rendered images",
            Description = pair.Description,
            TrainingSummary = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["weights"] = $"random, seed {seed}; never trained",
            },
            GoldenImages = GoldenImages,
            Created = now,
        }, progress).Run(cancel);
    }

    private (byte[] StageOne, byte[] StageTwo, int FeatureSize) Graphs(SettledWeights weights)
    {
        var stage = weights.Make(pair.StageOne);
        if (pair.StageTwo is { } two)
        {
            return (stage.ToOnnx(), weights.Make(two).ToOnnx(), 0);
        }

        var (one, heads) = stage.ToSharedOnnx();
        return (one, heads, stage.FeatureSize);
    }
}
