using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>How a parameter begins.</summary>
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

    /// <summary>0.25, PReLU's customary slope.</summary>
    Quarter,
}

/// <summary>
/// One trained tensor under PyTorch's name and in PyTorch's shape; <paramref name="ChannelsLast"/> kernels are stored as [Co,k,k,Ci].
/// </summary>
internal sealed record ParameterSpec(string Name, int[] Shape, Initializer Initializer, bool ChannelsLast = false, bool Frozen = false)
{
    public int[] StoredShape => ChannelsLast ? [Shape[0], Shape[2], Shape[3], Shape[1]] : Shape;

    public int Count => Shape.Aggregate(1, (product, d) => product * d);

    /// <summary>Weight decay pulls on matrices and kernels only, never on biases, norms or slopes.</summary>
    public bool IsMatrix => Shape.Length > 1;

    public Value StoredValue => new(Name, ElementType.Float, StoredShape);
}

/// <summary>
/// A normalization whose running mean and variance follow the batches; <paramref name="PerChannel"/> = values behind each mean.
/// </summary>
internal sealed record StatisticSpec(string Name, int Channels, int PerChannel)
{
    public string MeanName => Name + ".running_mean";

    public string VarianceName => Name + ".running_var";
}

/// <summary>A random mask the host draws for every step: dropout and stochastic depth stay reproducible after a resume.</summary>
internal sealed record NoiseSpec(string Name, int[] Shape, float DropRate);
