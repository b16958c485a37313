using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Three 3x3 convolutions of stride 2: a network of next to no cost, for measuring what stands around a model.</summary>
internal sealed class ThreeConvolutions(NetworkSpec spec) : IBackbone
{
    private static readonly int[] Widths = [16, 32, 32];

    public bool ChannelsFirstOnly => false;

    public Value Features(Layers l, Value image)
    {
        var x = image;
        for (var i = 0; i < Widths.Length; i++)
        {
            x = l.Ops.Relu(l.Conv(x, $"conv{i + 1}", spec.Channels(Widths[i]), 3, stride: 2, padding: 1, bias: true));
        }

        return x;
    }

    public Value Embed(Layers l, Value features) => Heads.Embed(l, spec, features);

    public Value Classify(Layers l, Value features) => l.Linear(l.Flatten(l.Ops.AveragePool(features)), "fc", spec.Classes);
}
