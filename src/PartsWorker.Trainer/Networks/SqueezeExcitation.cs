using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Squeeze and excitation (arXiv 1709.01507): the global average decides how much of each channel passes.</summary>
internal static class SqueezeExcitation
{
    public static Value Apply(Layers l, Value x, string name, int squeezed, bool bias, Func<Value, Value> activation)
    {
        var gate = l.Flatten(l.Ops.AveragePool(x));
        gate = activation(Dense(l, gate, name + ".fc1", squeezed, bias));
        gate = l.Ops.Sigmoid(Dense(l, gate, name + ".fc2", x.Channels, bias));
        var shape = x.Layout == Layout.ChannelsFirst ? new[] { x.Batch, x.Channels, 1, 1 } : [x.Batch, 1, 1, x.Channels];
        return l.Ops.Mul(x, l.Ops.Reshape(gate, shape));
    }

    // Published as 1x1 convolutions: their kernels [out, in, 1, 1] are used as matrices.
    private static Value Dense(Layers l, Value x, string name, int outputs, bool bias)
    {
        var kernel = l.Parameter(name + ".weight", [outputs, x.Shape[1], 1, 1], Initializer.Kaiming);
        var weight = l.Ops.Reshape(kernel, outputs, x.Shape[1]);
        return l.Ops.Linear(x, weight, bias ? l.Parameter(name + ".bias", [outputs], Initializer.Zero) : null);
    }
}
