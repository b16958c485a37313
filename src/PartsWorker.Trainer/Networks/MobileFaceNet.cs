using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// MobileFaceNet (arXiv 1804.07573, table 1), with the parameter names of the common PyTorch implementation; any input size.
/// </summary>
internal sealed class MobileFaceNet(NetworkSpec spec) : IBackbone
{
    public bool ChannelsFirstOnly => true;

    public Value Features(Layers layers, Value image)
    {
        int small = spec.Channels(64), large = spec.Channels(128);
        var x = Block(layers, image, "conv1", small, 3, 2, 1);
        x = Block(layers, x, "conv2_dw", small, 3, 1, 1, small);
        x = Bottleneck(layers, x, "conv_23", small, small * 2, 2);
        x = Repeat(layers, x, "conv_3", small * 2, 4);
        x = Bottleneck(layers, x, "conv_34", large, large * 2, 2);
        x = Repeat(layers, x, "conv_4", large * 2, 6);
        x = Bottleneck(layers, x, "conv_45", large, large * 4, 2);
        x = Repeat(layers, x, "conv_5", large * 2, 2);
        return Block(layers, x, "conv_6_sep", spec.Channels(512), 1);
    }

    /// <summary>A depthwise kernel of the size of the map instead of an average, so that each position has its own weight.</summary>
    public Value Embed(Layers layers, Value features)
    {
        var map = Heads.Attend(layers, spec, features);
        var x = Linear(layers, map, "conv_6_dw", map.Channels, map.Height, 1, 0, map.Channels);
        var dropped = layers.Dropout(layers.Flatten(x), spec.Dropout);
        return layers.BatchNorm(layers.Linear(dropped, "linear", spec.Embedding, bias: false), "bn");
    }

    public Value Classify(Layers layers, Value features) => layers.Linear(Embed(layers, features), "fc", spec.Classes);

    private static Value Block(
        Layers layers, Value x, string name, int outputs, int kernel, int stride = 1, int padding = 0, int groups = 1) =>
        layers.PRelu(Linear(layers, x, name, outputs, kernel, stride, padding, groups), name + ".prelu");

    private static Value Linear(Layers layers, Value x, string name, int outputs, int kernel, int stride, int padding, int groups) =>
        layers.BatchNorm(layers.Conv(x, name + ".conv", outputs, kernel, stride, padding, groups), name + ".bn");

    private static Value Bottleneck(Layers layers, Value x, string name, int outputs, int expanded, int stride)
    {
        var y = Block(layers, x, name + ".conv", expanded, 1);
        y = Block(layers, y, name + ".conv_dw", expanded, 3, stride, 1, expanded);
        return Linear(layers, y, name + ".project", outputs, 1, 1, 0, 1);
    }

    private static Value Repeat(Layers layers, Value x, string name, int expanded, int times)
    {
        for (var i = 0; i < times; i++)
        {
            x = layers.Join(Bottleneck(layers, x, $"{name}.model.{i}", x.Channels, expanded, 1), x);
        }

        return x;
    }
}
