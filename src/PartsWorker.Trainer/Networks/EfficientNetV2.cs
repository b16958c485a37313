using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>One row of the EfficientNetV2 table; fused stages have no depthwise convolution and no squeeze and excitation.</summary>
internal sealed record EfficientStage(bool Fused, int Expansion, int Stride, int Channels, int Layers);

/// <summary>EfficientNetV2 (arXiv 2104.00298, table 4), torchvision's parameter names.</summary>
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

    /// <summary>One fused and one depthwise block: small enough to compare every gradient with another implementation.</summary>
    public static EfficientStage[] TwoBlocks { get; } = [new(true, 4, 1, 24, 1), new(false, 4, 2, 48, 1)];

    public bool ChannelsFirstOnly => true;

    public Value Features(Layers l, Value image)
    {
        var x = l.Ops.Silu(ConvNorm(l, image, "features.0", spec.Channels(StemChannels), 3, 2));
        var (block, blocks) = (0, stages.Sum(s => s.Layers));
        for (var stage = 0; stage < stages.Length; stage++)
        {
            for (var layer = 0; layer < stages[stage].Layers; layer++)
            {
                var drop = spec.DropPath * block++ / blocks;
                x = Block(l, x, $"features.{stage + 1}.{layer}.block", stages[stage], layer == 0 ? stages[stage].Stride : 1, drop);
            }
        }

        return l.Ops.Silu(ConvNorm(l, x, $"features.{stages.Length + 1}", spec.Channels(HeadChannels), 1, 1));
    }

    public Value Embed(Layers l, Value features) => Heads.Embed(l, spec, features);

    public Value Classify(Layers l, Value features) =>
        l.Linear(l.Dropout(l.Flatten(l.Ops.AveragePool(features)), spec.Dropout), "classifier.1", spec.Classes);

    private Value Block(Layers l, Value x, string name, EfficientStage stage, int stride, float drop)
    {
        var outputs = spec.Channels(stage.Channels);
        var y = stage.Fused ? Fused(l, x, name, stage, outputs, stride) : Depthwise(l, x, name, stage, outputs, stride);
        return stride == 1 && x.Channels == outputs ? l.Join(l.DropPath(y, drop), x) : y;
    }

    private static Value Fused(Layers l, Value x, string name, EfficientStage stage, int outputs, int stride)
    {
        if (stage.Expansion == 1)
        {
            return l.Ops.Silu(ConvNorm(l, x, name + ".0", outputs, 3, stride));
        }

        var y = l.Ops.Silu(ConvNorm(l, x, name + ".0", x.Channels * stage.Expansion, 3, stride));
        return ConvNorm(l, y, name + ".1", outputs, 1, 1);
    }

    private static Value Depthwise(Layers l, Value x, string name, EfficientStage stage, int outputs, int stride)
    {
        var expanded = x.Channels * stage.Expansion;
        var y = l.Ops.Silu(ConvNorm(l, x, name + ".0", expanded, 1, 1));
        y = l.Ops.Silu(ConvNorm(l, y, name + ".1", expanded, 3, stride, expanded));
        y = SqueezeExcitation.Apply(l, y, name + ".2", Math.Max(1, x.Channels / 4), bias: true, l.Ops.Silu);
        return ConvNorm(l, y, name + ".3", outputs, 1, 1);
    }

    private static Value ConvNorm(Layers l, Value x, string name, int outputs, int kernel, int stride, int groups = 1) =>
        l.BatchNorm(l.Conv(x, name + ".0", outputs, kernel, stride, kernel / 2, groups), name + ".1", Epsilon);
}
