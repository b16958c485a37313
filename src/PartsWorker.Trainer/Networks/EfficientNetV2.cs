using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>One row of the EfficientNetV2 table; fused stages have neither depthwise convolutions nor squeeze and excitation.</summary>
internal sealed record EfficientStage(bool Fused, int Expansion, int Stride, int Channels, int Layers);

/// <summary>EfficientNetV2 (arXiv 2104.00298, table 4), with torchvision's parameter names.</summary>
internal sealed class EfficientNetV2(NetworkSpec spec, EfficientStage[] stages) : IBackbone
{
    private const float Epsilon = 1e-3f;
    private const int StemChannels = 24;
    private const int HeadChannels = 1280;

    public static EfficientStage[] Small { get; } =
    [
        new(true, 1, 1, 24, 2),
        new(true, 4, 2, 48, 4),
        new(true, 4, 2, 64, 4),
        new(false, 4, 2, 128, 6),
        new(false, 6, 1, 160, 9),
        new(false, 6, 2, 256, 15),
    ];

    /// <summary>One fused and one depthwise block; small enough to compare every gradient with PyTorch.</summary>
    public static EfficientStage[] TwoBlocks { get; } = [new(true, 4, 1, 24, 1), new(false, 4, 2, 48, 1)];

    public bool ChannelsFirstOnly => true;

    public Value Features(Layers layers, Value image)
    {
        var x = layers.Ops.Silu(ConvNorm(layers, image, "features.0", spec.Channels(StemChannels), 3, 2));
        var (block, blocks) = (0, stages.Sum(s => s.Layers));
        for (var stage = 0; stage < stages.Length; stage++)
        {
            for (var layer = 0; layer < stages[stage].Layers; layer++)
            {
                var drop = spec.DropPath * block++ / blocks;
                x = Block(layers, x, $"features.{stage + 1}.{layer}.block", stages[stage], layer == 0 ? stages[stage].Stride : 1, drop);
            }
        }

        return layers.Ops.Silu(ConvNorm(layers, x, $"features.{stages.Length + 1}", spec.Channels(HeadChannels), 1, 1));
    }

    public Value Embed(Layers layers, Value features) => Heads.Embed(layers, spec, features);

    public Value Classify(Layers layers, Value features) =>
        layers.Linear(layers.Dropout(layers.Flatten(layers.Ops.AveragePool(features)), spec.Dropout), "classifier.1", spec.Classes);

    private Value Block(Layers layers, Value x, string name, EfficientStage stage, int stride, float drop)
    {
        var outputs = spec.Channels(stage.Channels);
        var y = stage.Fused ? Fused(layers, x, name, stage, outputs, stride) : Depthwise(layers, x, name, stage, outputs, stride);
        return stride == 1 && x.Channels == outputs ? layers.Join(layers.DropPath(y, drop), x) : y;
    }

    private static Value Fused(Layers layers, Value x, string name, EfficientStage stage, int outputs, int stride)
    {
        if (stage.Expansion == 1)
        {
            return layers.Ops.Silu(ConvNorm(layers, x, name + ".0", outputs, 3, stride));
        }

        var y = layers.Ops.Silu(ConvNorm(layers, x, name + ".0", x.Channels * stage.Expansion, 3, stride));
        return ConvNorm(layers, y, name + ".1", outputs, 1, 1);
    }

    private static Value Depthwise(Layers layers, Value x, string name, EfficientStage stage, int outputs, int stride)
    {
        var expanded = x.Channels * stage.Expansion;
        var y = layers.Ops.Silu(ConvNorm(layers, x, name + ".0", expanded, 1, 1));
        y = layers.Ops.Silu(ConvNorm(layers, y, name + ".1", expanded, 3, stride, expanded));
        y = SqueezeExcitation.Apply(layers, y, name + ".2", Math.Max(1, x.Channels / 4), bias: true, layers.Ops.Silu);
        return ConvNorm(layers, y, name + ".3", outputs, 1, 1);
    }

    private static Value ConvNorm(Layers layers, Value x, string name, int outputs, int kernel, int stride, int groups = 1) =>
        layers.BatchNorm(layers.Conv(x, name + ".0", outputs, kernel, stride, kernel / 2, groups), name + ".1", Epsilon);
}
