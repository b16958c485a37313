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

    public Value Features(Layers l, Value image)
    {
        var x = l.Conv(image, "input_layer.0", spec.Channels(Widths[0]), 3, 1, 1);
        x = l.PRelu(l.BatchNorm(x, "input_layer.1"), "input_layer.2");
        var unit = 0;
        for (var stage = 0; stage < depths.Length; stage++)
        {
            for (var block = 0; block < depths[stage]; block++)
            {
                x = Unit(l, x, $"body.{unit++}", spec.Channels(Widths[stage]), block == 0 ? 2 : 1);
            }
        }

        return x;
    }

    public Value Embed(Layers l, Value features)
    {
        var x = l.BatchNorm(Heads.Attend(l, spec, features), "output_layer.0");
        x = l.Dropout(l.Flatten(x), spec.Dropout);
        return l.BatchNorm(l.Linear(x, "output_layer.3", spec.Embedding), "output_layer.4");
    }

    public Value Classify(Layers l, Value features) => l.Linear(Embed(l, features), "fc", spec.Classes);

    /// <summary>One residual unit; public so that it can be compared with another implementation by itself.</summary>
    public Value Unit(Layers l, Value x, string name, int width, int stride)
    {
        var y = l.Conv(l.BatchNorm(x, name + ".res_layer.0"), name + ".res_layer.1", width, 3, 1, 1);
        y = l.Conv(l.PRelu(y, name + ".res_layer.2"), name + ".res_layer.3", width, 3, stride, 1);
        y = l.BatchNorm(y, name + ".res_layer.4");
        if (squeeze)
        {
            y = SqueezeExcitation.Apply(l, y, name + ".res_layer.5", width / Reduction, bias: false, l.Ops.Relu);
        }

        var shortcut = x.Channels == width
            ? l.Ops.Subsample(x, stride)
            : l.BatchNorm(l.Conv(x, name + ".shortcut_layer.0", width, 1, stride), name + ".shortcut_layer.1");
        return l.Join(y, shortcut);
    }
}
