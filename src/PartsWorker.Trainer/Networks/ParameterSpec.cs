using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>Initial distribution of a parameter.</summary>
internal enum Initializer
{
    /// <summary>Normal, variance 2 / (outputs · kernel area): Kaiming, fan out.</summary>
    Kaiming,

    /// <summary>Uniform, +-1 / sqrt(inputs): PyTorch's Linear.</summary>
    Uniform,

    /// <summary>Uniform, +-sqrt(6 / (inputs + outputs)): Xavier.</summary>
    Xavier,

    Zero,

    One,

    /// <summary>0.25, the usual initial slope of PReLU.</summary>
    Quarter,
}

/// <summary>
/// A trained tensor with its PyTorch name and shape; <paramref name="ChannelsLast"/> kernels are stored as [Co,k,k,Ci].
/// </summary>
internal sealed record ParameterSpec(string Name, int[] Shape, Initializer Initializer, bool ChannelsLast = false, bool Frozen = false)
{
    public int[] StoredShape => ChannelsLast ? [Shape[0], Shape[2], Shape[3], Shape[1]] : Shape;

    public int Count => Shape.Aggregate(1, (product, d) => product * d);

    /// <summary>Whether weight decay applies: to matrices and kernels, but not to biases, norms or slopes.</summary>
    public bool IsMatrix => Shape.Length > 1;

    public Value StoredValue => new(Name, ElementType.Float, StoredShape);
}

/// <summary>
/// The running mean and variance of a normalization; <paramref name="PerChannel"/> = number of values per channel in a batch.
/// </summary>
internal sealed record StatisticSpec(string Name, int Channels, int PerChannel)
{
    public string MeanName => Name + ".running_mean";

    public string VarianceName => Name + ".running_var";
}

/// <summary>
/// A random mask that the host draws for every step, so that dropout and stochastic depth are reproducible after a resume.
/// </summary>
internal sealed record NoiseSpec(string Name, int[] Shape, float DropRate);
