using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Squeeze and excitation (arXiv 1709.01507): scales each channel by a gate computed from the global averages.</summary>
internal static class SqueezeExcitation
{
    public static Value Apply(Layers layers, Value x, string name, int squeezed, bool bias, Func<Value, Value> activation)
    {
        var gate = layers.Flatten(layers.Ops.AveragePool(x));
        gate = activation(Dense(layers, gate, name + ".fc1", squeezed, bias));
        gate = layers.Ops.Sigmoid(Dense(layers, gate, name + ".fc2", x.Channels, bias));
        var shape = x.Layout == Layout.ChannelsFirst ? new[] { x.Batch, x.Channels, 1, 1 } : [x.Batch, 1, 1, x.Channels];
        return layers.Ops.Mul(x, layers.Ops.Reshape(gate, shape));
    }

    // Published as 1x1 convolutions; the kernels [out, in, 1, 1] are used as matrices.
    private static Value Dense(Layers layers, Value x, string name, int outputs, bool bias)
    {
        var kernel = layers.Parameter(name + ".weight", [outputs, x.Shape[1], 1, 1], Initializer.Kaiming);
        var weight = layers.Ops.Reshape(kernel, outputs, x.Shape[1]);
        return layers.Ops.Linear(x, weight, bias ? layers.Parameter(name + ".bias", [outputs], Initializer.Zero) : null);
    }
}
