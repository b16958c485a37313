using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>VGG16 (arXiv 1409.1556), torchvision's parameter names; the embedder flattens the last map as the ArcFace seeds do.</summary>
internal sealed class Vgg16(NetworkSpec spec) : IBackbone
{
    private const int Hidden = 4096;
    private static readonly int[][] Groups = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers l, Value image)
    {
        var (x, index) = (image, 0);
        foreach (var group in Groups)
        {
            foreach (var channels in group)
            {
                x = l.Ops.Relu(l.Conv(x, $"features.{index}", spec.Channels(channels), 3, 1, 1, bias: true));
                index += 2;
            }

            x = l.Ops.MaxPool(l.Ops.InLayout(x, Layout.ChannelsFirst), 2, 2, 0);
            index++;
        }

        return x;
    }

    /// <summary>Normalize, dropout, flatten, linear with ReLU, normalize.</summary>
    public Value Embed(Layers l, Value features)
    {
        var x = l.BatchNorm(Heads.Attend(l, spec, features), "embed.0");
        x = l.Flatten(l.Dropout(x, spec.Dropout));
        return l.BatchNorm(l.Ops.Relu(l.Linear(x, "embed.3", spec.Embedding)), "embed.4");
    }

    public Value Classify(Layers l, Value features)
    {
        var x = l.Dropout(l.Ops.Relu(l.Linear(l.Flatten(features), "classifier.0", Hidden)), spec.Dropout);
        x = l.Dropout(l.Ops.Relu(l.Linear(x, "classifier.3", Hidden)), spec.Dropout);
        return l.Linear(x, "classifier.6", spec.Classes);
    }
}
