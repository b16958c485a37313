using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>MobileFaceNet (arXiv 1804.07573, table 1), parameter names of the common PyTorch implementation; any input size.</summary>
internal sealed class MobileFaceNet(NetworkSpec spec) : IBackbone
{
    public bool ChannelsFirstOnly => true;

    public Value Features(Layers l, Value image)
    {
        int small = spec.Channels(64), large = spec.Channels(128);
        var x = Block(l, image, "conv1", small, 3, 2, 1);
        x = Block(l, x, "conv2_dw", small, 3, 1, 1, small);
        x = Bottleneck(l, x, "conv_23", small, small * 2, 2);
        x = Repeat(l, x, "conv_3", small * 2, 4);
        x = Bottleneck(l, x, "conv_34", large, large * 2, 2);
        x = Repeat(l, x, "conv_4", large * 2, 6);
        x = Bottleneck(l, x, "conv_45", large, large * 4, 2);
        x = Repeat(l, x, "conv_5", large * 2, 2);
        return Block(l, x, "conv_6_sep", spec.Channels(512), 1);
    }

    /// <summary>A depthwise kernel as large as the map instead of an average: each position has its own weight.</summary>
    public Value Embed(Layers l, Value features)
    {
        var map = Heads.Attend(l, spec, features);
        var x = Linear(l, map, "conv_6_dw", map.Channels, map.Height, 1, 0, map.Channels);
        var dropped = l.Dropout(l.Flatten(x), spec.Dropout);
        return l.BatchNorm(l.Linear(dropped, "linear", spec.Embedding, bias: false), "bn");
    }

    public Value Classify(Layers l, Value features) => l.Linear(Embed(l, features), "fc", spec.Classes);

    private static Value Block(Layers l, Value x, string name, int outputs, int kernel, int stride = 1, int padding = 0, int groups = 1) =>
        l.PRelu(Linear(l, x, name, outputs, kernel, stride, padding, groups), name + ".prelu");

    private static Value Linear(Layers l, Value x, string name, int outputs, int kernel, int stride, int padding, int groups) =>
        l.BatchNorm(l.Conv(x, name + ".conv", outputs, kernel, stride, padding, groups), name + ".bn");

    private static Value Bottleneck(Layers l, Value x, string name, int outputs, int expanded, int stride)
    {
        var y = Block(l, x, name + ".conv", expanded, 1);
        y = Block(l, y, name + ".conv_dw", expanded, 3, stride, 1, expanded);
        return Linear(l, y, name + ".project", outputs, 1, 1, 0, 1);
    }

    private static Value Repeat(Layers l, Value x, string name, int expanded, int times)
    {
        for (var i = 0; i < times; i++)
        {
            x = l.Join(Bottleneck(l, x, $"{name}.model.{i}", x.Channels, expanded, 1), x);
        }

        return x;
    }
}
