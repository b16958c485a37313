using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Three 3x3 convolutions of stride 2: a network with almost no cost, for benchmarks of everything around the model.</summary>
internal sealed class ThreeConvolutions(NetworkSpec spec) : IBackbone
{
    private static readonly int[] Widths = [16, 32, 32];

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers layers, Value image)
    {
        var x = image;
        for (var i = 0; i < Widths.Length; i++)
        {
            x = layers.Ops.Relu(layers.Conv(x, $"conv{i + 1}", spec.Channels(Widths[i]), 3, stride: 2, padding: 1, bias: true));
        }

        return x;
    }

    public Value Embed(Layers layers, Value features) => Heads.Embed(layers, spec, features);

    public Value Classify(Layers layers, Value features) =>
        layers.Linear(layers.Flatten(layers.Ops.AveragePool(features)), "fc", spec.Classes);
}
