using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>VGG16 (arXiv 1409.1556), with torchvision's parameter names; the embedder flattens the last map.</summary>
internal sealed class Vgg16(NetworkSpec spec) : IBackbone
{
    private const int Hidden = 4096;
    private static readonly int[][] Groups = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers layers, Value image)
    {
        var (x, index) = (image, 0);
        foreach (var group in Groups)
        {
            foreach (var channels in group)
            {
                x = layers.Ops.Relu(layers.Conv(x, $"features.{index}", spec.Channels(channels), 3, 1, 1, bias: true));
                index += 2;
            }

            x = layers.Ops.MaxPool(layers.Ops.InLayout(x, Layout.ChannelsFirst), 2, 2, 0);
            index++;
        }

        return x;
    }

    /// <summary>Normalize, dropout, flatten, linear with ReLU, normalize.</summary>
    public Value Embed(Layers layers, Value features)
    {
        var x = layers.BatchNorm(Heads.Attend(layers, spec, features), "embed.0");
        x = layers.Flatten(layers.Dropout(x, spec.Dropout));
        return layers.BatchNorm(layers.Ops.Relu(layers.Linear(x, "embed.3", spec.Embedding)), "embed.4");
    }

    public Value Classify(Layers layers, Value features)
    {
        var x = layers.Dropout(layers.Ops.Relu(layers.Linear(layers.Flatten(features), "classifier.0", Hidden)), spec.Dropout);
        x = layers.Dropout(layers.Ops.Relu(layers.Linear(x, "classifier.3", Hidden)), spec.Dropout);
        return layers.Linear(x, "classifier.6", spec.Classes);
    }
}
