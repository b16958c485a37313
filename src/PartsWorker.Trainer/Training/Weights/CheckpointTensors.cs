namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// The names of a checkpoint's tensors: the network's parameters and running statistics under PyTorch's names and in PyTorch's shapes, and
/// in front of the same names these prefixes.
/// </summary>
internal static class CheckpointTensors
{
    /// <summary>Moving average of parameters and statistics; absent in a run that keeps none.</summary>
    public const string Average = "ema.";

    /// <summary>Momentum, or the mean of the gradients, of a trained parameter.</summary>
    public const string FirstMoment = "optim.m.";

    /// <summary>Mean of the squared gradients of a trained parameter (Adam and AdamW).</summary>
    public const string SecondMoment = "optim.v.";

    /// <summary>Whether a tensor belongs to the network and not to the optimizer.</summary>
    public static bool IsOfNetwork(string name) => !name.StartsWith("optim.", StringComparison.Ordinal);

    /// <summary>The weights that a run results in: the averaged ones where it keeps them, else the last ones; by PyTorch's names.</summary>
    public static Dictionary<string, NamedTensor> Result(IReadOnlyDictionary<string, NamedTensor> tensors)
    {
        var averaged = tensors.Where(t => t.Key.StartsWith(Average, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[Average.Length..], t => t.Value);
        return averaged.Count > 0 ? averaged : tensors.Where(t => IsOfNetwork(t.Key)).ToDictionary();
    }
}
