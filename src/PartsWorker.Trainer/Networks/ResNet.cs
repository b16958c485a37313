using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// ResNet-18 and ResNet-50 (arXiv 1512.03385) with torchvision's parameter names; the small stem is a 3x3 stride-2 convolution.
/// </summary>
internal sealed class ResNet(NetworkSpec spec, int[] depths, bool bottleneck, bool smallStem = false, bool tapered = false) : IBackbone
{
    // The published widths put three quarters of all parameters into the last stage. Tapered widths use a small file better.
    private static readonly int[] Published = [64, 128, 256, 512];
    private static readonly int[] Tapered = [64, 128, 192, 256];
    private readonly int[] _widths = tapered ? Tapered : Published;

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers layers, Value image)
    {
        var kernel = smallStem ? 3 : 7;
        var x = layers.Conv(image, "conv1", spec.Channels(_widths[0]), kernel, 2, kernel / 2);
        x = layers.Ops.Relu(layers.BatchNorm(x, "bn1"));
        x = layers.Ops.MaxPool(layers.Ops.InLayout(x, Layout.ChannelsFirst), 3, 2, 1);
        for (var stage = 0; stage < depths.Length; stage++)
        {
            for (var block = 0; block < depths[stage]; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                x = Block(layers, x, $"layer{stage + 1}.{block}", spec.Channels(_widths[stage]), stride);
            }
        }

        return x;
    }

    public Value Embed(Layers layers, Value features) => Heads.Embed(layers, spec, features);

    public Value Classify(Layers layers, Value features) =>
        layers.Linear(layers.Flatten(layers.Ops.AveragePool(features)), "fc", spec.Classes);

    private Value Block(Layers layers, Value x, string name, int width, int stride)
    {
        var outputs = bottleneck ? width * 4 : width;
        var branch = bottleneck ? Bottleneck(layers, x, name, width, stride) : Basic(layers, x, name, width, stride);
        var shortcut = stride == 1 && x.Channels == outputs
            ? x
            : layers.BatchNorm(layers.Conv(x, name + ".downsample.0", outputs, 1, stride), name + ".downsample.1");
        return layers.Ops.Relu(layers.Join(branch, shortcut));
    }

    private static Value Basic(Layers layers, Value x, string name, int width, int stride)
    {
        var y = layers.Ops.Relu(layers.BatchNorm(layers.Conv(x, name + ".conv1", width, 3, stride, 1), name + ".bn1"));
        return layers.BatchNorm(layers.Conv(y, name + ".conv2", width, 3, 1, 1), name + ".bn2");
    }

    private static Value Bottleneck(Layers layers, Value x, string name, int width, int stride)
    {
        var y = layers.Ops.Relu(layers.BatchNorm(layers.Conv(x, name + ".conv1", width, 1), name + ".bn1"));
        y = layers.Ops.Relu(layers.BatchNorm(layers.Conv(y, name + ".conv2", width, 3, stride, 1), name + ".bn2"));
        return layers.BatchNorm(layers.Conv(y, name + ".conv3", width * 4, 1), name + ".bn3");
    }
}
