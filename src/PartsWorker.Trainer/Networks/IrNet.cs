using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// "Improved residual" face networks (ArcFace, arXiv 1801.07698): normalize first, no activation after the sum, the stride in the
/// second convolution; optionally with squeeze and excitation. IR-50, IR-100, IR-SE50.
/// </summary>
internal sealed class IrNet(NetworkSpec spec, int[] depths, bool squeeze) : IBackbone
{
    private const int Reduction = 16;
    private static readonly int[] Widths = [64, 128, 256, 512];

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers layers, Value image)
    {
        var x = layers.Conv(image, "input_layer.0", spec.Channels(Widths[0]), 3, 1, 1);
        x = layers.PRelu(layers.BatchNorm(x, "input_layer.1"), "input_layer.2");
        var unit = 0;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            for (var block = 0; block < depths[stage]; block++)
            {
                x = Unit(layers, x, $"body.{unit++}", spec.Channels(Widths[stage]), block == 0 ? 2 : 1);
            }
        }

        return x;
    }

    public Value Embed(Layers layers, Value features)
    {
        var x = layers.BatchNorm(Heads.Attend(layers, spec, features), "output_layer.0");
        x = layers.Dropout(layers.Flatten(x), spec.Dropout);
        return layers.BatchNorm(layers.Linear(x, "output_layer.3", spec.Embedding), "output_layer.4");
    }

    public Value Classify(Layers layers, Value features) => layers.Linear(Embed(layers, features), "fc", spec.Classes);

    /// <summary>One residual unit; public for a comparison with PyTorch.</summary>
    public Value Unit(Layers layers, Value x, string name, int width, int stride)
    {
        var y = layers.Conv(layers.BatchNorm(x, name + ".res_layer.0"), name + ".res_layer.1", width, 3, 1, 1);
        y = layers.Conv(layers.PRelu(y, name + ".res_layer.2"), name + ".res_layer.3", width, 3, stride, 1);
        y = layers.BatchNorm(y, name + ".res_layer.4");
        if (squeeze)
        {
            y = SqueezeExcitation.Apply(layers, y, name + ".res_layer.5", width / Reduction, bias: false, layers.Ops.Relu);
        }

        var shortcut = x.Channels == width
            ? layers.Ops.Subsample(x, stride)
            : layers.BatchNorm(layers.Conv(x, name + ".shortcut_layer.0", width, 1, stride), name + ".shortcut_layer.1");
        return layers.Join(y, shortcut);
    }
}
