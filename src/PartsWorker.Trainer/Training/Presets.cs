using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>A named set of options for both networks.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Description">One line for the help text.</param>
/// <param name="One">The embedder, or the one network of both.</param>
/// <param name="Two">The meta model; null if the first network also predicts color and shape.</param>
internal sealed record Preset(string Name, string Description, StagePlan One, StagePlan? Two);

/// <summary>The presets of <c>train</c>. Some reproduce the settings of published dual-model, ArcFace and MobileFaceNet projects.</summary>
internal static class Presets
{
    private static readonly StagePlan DualMeta = new(
        new TrainingOptions
        {
            Network = Net("resnet18", HeadKind.Meta, 260) with { Lambda = true, Hidden = 512, ImageNetPixels = true },
            Loss = new LossSpec { LabelSmoothing = 0.1f },
            Optimizer = Adam,
            Schedule = new Schedule { Kind = ScheduleKind.Constant, WarmupSteps = 0 },
            BatchSize = 4,
            Averaging = 0,
            Epochs = 200,
            Augmentation = AugmentationOptions.Dual,
        });

    public static IReadOnlyList<Preset> All { get; } =
    [
        new(
            "shared",
            "one ResNet-18 (blocks 2, 2, 2, 3) from ImageNet weights for embedding, color and shape, trained at 160 px, "
                + "serves 192 px; the default",
            FromImageNet(HeadKind.Shared, 16),
            null),
        new(
            "transfer",
            "two ResNet-18 (blocks 2, 2, 2, 3) from ImageNet weights, trained at 160 px, serve 192 px; "
                + "costs twice as much to train and to run as shared",
            FromImageNet(HeadKind.Embedder, 16),
            FromImageNet(HeadKind.Meta, 8)),
        new(
            "parts",
            "MobileFaceNet at 96 px with ArcFace (s 24, m 0.3), narrow ResNet-18 as meta model; trains on a CPU in minutes",
            Parts(MarginKind.ArcFace, 0.3f),
            SmallMeta(96)),
        new(
            "compact",
            "tapered ResNet-18 at 96 px that also learns color and shape; the meta model starts from it. Fastest on a CPU; "
                + "both networks take 4.3 MB as fp16",
            CompactOne(),
            CompactTwo()),
        new(
            "line-camera",
            "compact for fixed cameras over a belt: weak augmentation, no mixing of images",
            CompactOne().For(AugmentationOptions.LineCamera, 60),
            CompactTwo().For(AugmentationOptions.LineCamera, 5)),
        new("dual", "EfficientNetV2-S with ArcFace (s 30, m 0.35) and ResNet-18, both with Lambda layers at 260 px", Dual(), DualMeta),
        new(
            "resnet50",
            "ResNet-50 at 100 px, ArcFace (s 65, m 0.5), SGD with Nesterov momentum",
            FlattenedFeatures("resnet50"),
            SmallMeta(100)),
        new("vgg16", "VGG16 at 100 px, ArcFace (s 65, m 0.5), SGD with Nesterov momentum", FlattenedFeatures("vgg16"), SmallMeta(100)),
        new(
            "transfer-face",
            "MobileFaceNet at 112 px from given weights (--weights), ArcFace (s 64, m 0.5), SGD 1e-3 in steps",
            TransferFace(),
            SmallMeta(112)),
        new("ensemble-arcface", "ArcFace model of the three-loss ensemble", Parts(MarginKind.ArcFace, 0.5f), SmallMeta(96)),
        new("ensemble-cosface", "CosFace model of the three-loss ensemble", Parts(MarginKind.CosFace, 0.4f), SmallMeta(96)),
        new(
            "ensemble-sphereface",
            "SphereFace model of the three-loss ensemble: angle times 1.4",
            Parts(MarginKind.Combined, 0, m1: 1.4f),
            SmallMeta(96)),
    ];

    private static StagePlan SmallMeta(int size) => new(
        new TrainingOptions
        {
            Network = Net("resnet18s", HeadKind.Meta, size) with { Width = 0.5f, Dropout = 0.1f, ImageNetPixels = true },
            Loss = new LossSpec { LabelSmoothing = 0.1f, ShapeWeight = 0.5f },
            Optimizer = new OptimizerOptions { LearningRate = 2e-3f },
            Epochs = 44,
            Augmentation = AugmentationOptions.Meta,
        });

    private static StagePlan CompactOne() => new(
        new TrainingOptions
        {
            Network = Net("resnet18t", HeadKind.Embedder, 96) with { Width = 0.5f, Embedding = 128, Dropout = 0.1f },
            Loss = new LossSpec { M = 0.3f, Scale = 24, Auxiliary = 0.3f },
            Epochs = 60,
            Augmentation = AugmentationOptions.Handheld,
        });

    private static StagePlan CompactTwo() => new(
        new TrainingOptions
        {
            Network = Net("resnet18t", HeadKind.Meta, 96) with { Width = 0.5f, Dropout = 0.1f },
            Loss = new LossSpec { LabelSmoothing = 0.1f, ShapeWeight = 0.5f, Auxiliary = 0.5f },
            Optimizer = new OptimizerOptions { LearningRate = 1e-3f },
            Epochs = 12,
            Augmentation = AugmentationOptions.Handheld with { Saturation = 0.2f, ChannelGain = 0.05f },
        })
    {
        AfterStageOne = true,
    };

    private static OptimizerOptions Adam => new() { Kind = OptimizerKind.Adam, LearningRate = 1e-3f, WeightDecay = 0, ClipNorm = 0 };

    private static StagePlan Parts(MarginKind kind, float margin, float m1 = 1) => new(
        new TrainingOptions
        {
            Network = Net("mobilefacenet", HeadKind.Embedder, 96) with { Embedding = 256 },
            Loss = new LossSpec { Margin = kind, M = margin, M1 = m1, M2 = 0, M3 = 0, Scale = 24 },
            Epochs = 33,
            Augmentation = AugmentationOptions.Embedder,
        });

    private static StagePlan Dual() => new(
        new TrainingOptions
        {
            Network = Net("efficientnetv2s", HeadKind.Embedder, 260) with { Lambda = true },
            Loss = new LossSpec { M = 0.35f, Scale = 30, LabelSmoothing = 0.1f },
            Optimizer = Adam,
            Schedule = new Schedule { Kind = ScheduleKind.Constant, WarmupSteps = 0 },
            BatchSize = 4,
            Averaging = 0,
            Epochs = 200,
            Augmentation = AugmentationOptions.Dual,
        });

    private static StagePlan FlattenedFeatures(string backbone) => new(
        new TrainingOptions
        {
            Network = Net(backbone, HeadKind.Embedder, 100) with { Dropout = 0.5f },
            Loss = new LossSpec { M = 0.5f, Scale = 65 },
            Optimizer = Sgd(0.1f, 5e-4f, nesterov: true),
            Schedule = new Schedule { Kind = ScheduleKind.Plateau, PlateauFactor = 0.9f, PlateauPatience = 5 },
            BatchSize = 8,
            Averaging = 0,
            Epochs = 100,
            Augmentation = AugmentationOptions.Embedder,
        });

    private static StagePlan FromImageNet(HeadKind head, int epochs) => new(
        new TrainingOptions
        {
            Network = Net("resnet18-cntk", head, 160) with { Embedding = 256, Dropout = 0.1f, ImageNetPixels = true },
            Loss = new LossSpec { M = 0.3f, Scale = 24, LabelSmoothing = 0.05f },
            Optimizer = new OptimizerOptions { LearningRate = 6e-4f, HeadRate = 4, WeightDecay = 0.03f },
            Schedule = new Schedule { WarmupSteps = 60 },
            Sizes = [new(128, 0), new(160, 0.6)],
            ServingSize = 192,
            BatchSize = 48,
            Epochs = epochs,
            Averaging = 0.995f,
            Weights = StartingWeights.Default,
            Augmentation = AugmentationOptions.Transfer,
        });

    private static StagePlan TransferFace() => new(
        new TrainingOptions
        {
            Network = Net("mobilefacenet", HeadKind.Embedder, 112),
            Loss = new LossSpec { M = 0.5f, Scale = 64 },
            Optimizer = Sgd(1e-3f, 4e-5f, nesterov: false) with { HeadDecay = 4e-4f },
            Schedule = new Schedule { Kind = ScheduleKind.Step },
            Averaging = 0,
            Epochs = 20,
            Augmentation = AugmentationOptions.None with { Mirror = 0.5f },
        });

    private static OptimizerOptions Sgd(float rate, float decay, bool nesterov) =>
        new() { Kind = OptimizerKind.Sgd, LearningRate = rate, WeightDecay = decay, HeadDecay = decay, Nesterov = nesterov };

    private static NetworkSpec Net(string backbone, HeadKind head, int size) =>
        new() { Backbone = backbone, Head = head, InputSize = size };
}
