using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Export.Untrained;

/// <summary>The two networks of an untrained bundle.</summary>
/// <param name="Name">Value of <c>--random</c>; the bundle is named <c>random-NAME</c>.</param>
/// <param name="Description">One sentence for the model card.</param>
/// <param name="StageOne">The embedder.</param>
/// <param name="StageTwo">The meta model; null if the embedder's network contains it.</param>
internal sealed record RandomPair(string Name, string Description, NetworkSpec StageOne, NetworkSpec? StageTwo = null)
{
    private const int EmbeddingSize = 512;

    public static IReadOnlyList<RandomPair> All { get; } =
    [
        new(
            "real",
            "EfficientNetV2-S embedder and ResNet-18 meta model at 224 px with random weights: "
                + "the cost of a trained pair, but useless answers.",
            Net("efficientnetv2s", 224, 1, HeadKind.Embedder),
            Net("resnet18", 224, 1, HeadKind.Meta)),
        new(
            "tiny",
            "Three convolutions per network at 64 px with random weights: almost no model cost, so that decoding limits the "
                + "throughput; useless answers.",
            Net("three-convolutions", 64, 1, HeadKind.Embedder),
            Net("three-convolutions", 64, 0.5f, HeadKind.Meta)),
        new(
            "tiny-shared",
            "Three convolutions at 64 px with random weights, one trunk for both networks; useless answers.",
            Net("three-convolutions", 64, 1, HeadKind.Shared)),
    ];

    public static IEnumerable<string> Names => All.Select(p => p.Name);

    private static NetworkSpec Net(string backbone, int size, float width, HeadKind head) => new()
    {
        Backbone = backbone,
        Head = head,
        InputSize = size,
        Width = width,
        Embedding = EmbeddingSize,
        ImageNetPixels = true,
    };
}
