using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Lowering;

namespace PartsWorker.Trainer.Networks;

/// <summary>
/// The building blocks of the networks. The same network code builds the training graph (parameters are inputs, batch statistics, random
/// masks) and the inference graph (parameters are initializers, running statistics): <see cref="IParameterStore"/> decides which.
/// </summary>
internal sealed class Layers(Ops ops, IParameterStore store, ConvolutionPlan plan)
{
    private const float DefaultEpsilon = 1e-5f;

    public Ops Ops { get; } = ops;

    /// <summary>Keep [N,C,H,W] for all layers, which the blocked depthwise kernels require.</summary>
    public bool ChannelsFirstOnly { get; init; }

    public Value Conv(Value x, string name, int outputs, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false)
    {
        var form = plan.Choose(x, new Window(kernel, stride, padding, groups), ChannelsFirstOnly);
        var y = Conv(x, name, [outputs, x.Channels / groups, kernel, kernel], form);
        return bias ? AddBias(y, name) : y;
    }

    public Value Conv(Value x, string name, int[] shape, ConvolutionForm form)
    {
        var weight = store.Parameter(new ParameterSpec(name + ".weight", shape, Initializer.Kaiming, form.Layout == Layout.ChannelsLast));
        return Ops.Convolution(Ops.InLayout(x, form.Layout), weight, form);
    }

    public Value BatchNorm(Value x, string name, float epsilon = DefaultEpsilon)
    {
        var scale = store.Parameter(new ParameterSpec(name + ".weight", [x.Channels], Initializer.One));
        var shift = store.Parameter(new ParameterSpec(name + ".bias", [x.Channels], Initializer.Zero));
        return store.Normalize(Ops, x, scale, shift, name, epsilon);
    }

    public Value Linear(Value x, string name, int outputs, bool bias = true)
    {
        var weight = store.Parameter(new ParameterSpec(name + ".weight", [outputs, x.Shape[1]], Initializer.Uniform));
        return Ops.Linear(x, weight, bias ? store.Parameter(new ParameterSpec(name + ".bias", [outputs], Initializer.Zero)) : null);
    }

    public Value PRelu(Value x, string name) =>
        Ops.PRelu(x, store.Parameter(new ParameterSpec(name + ".weight", [x.Channels], Initializer.Quarter)));

    /// <summary>A parameter outside the layers above.</summary>
    public Value Parameter(string name, int[] shape, Initializer initializer) =>
        store.Parameter(new ParameterSpec(name, shape, initializer));

    /// <summary>Sets a share of the elements to zero and scales up the rest during training; no effect in inference.</summary>
    public Value Dropout(Value x, float rate) => rate <= 0 ? x : store.Mask(Ops, x, x.Shape, rate);

    /// <summary>Stochastic depth: drops a residual branch for whole images during training.</summary>
    public Value DropPath(Value x, float rate) => rate <= 0 ? x : store.Mask(Ops, x, [x.Batch, 1, 1, 1], rate);

    /// <summary>[N,C,1,1] or a whole map to [N, C·H·W] in PyTorch's order.</summary>
    public Value Flatten(Value x)
    {
        var image = x.Height * x.Width == 1 ? x : Ops.InLayout(x, Layout.ChannelsFirst);
        return Ops.Reshape(image, x.Batch, x.Channels * x.Height * x.Width);
    }

    /// <summary>Residual sum; converts the shortcut to the layout of the branch.</summary>
    public Value Join(Value branch, Value shortcut) => Ops.Add(branch, Ops.InLayout(shortcut, branch.Layout));

    private Value AddBias(Value y, string name)
    {
        var bias = store.Parameter(new ParameterSpec(name + ".bias", [y.Channels], Initializer.Zero));
        return Ops.Add(y, y.Layout == Layout.ChannelsFirst ? Ops.Reshape(bias, y.Channels, 1, 1) : bias);
    }
}
