namespace PartsWorker.Trainer.Training.Weights;

/// <summary>
/// The tensor names of a checkpoint. Parameters and running statistics have PyTorch's names and shapes; the average and the optimizer's
/// state have the same names with a prefix.
/// </summary>
internal static class CheckpointTensors
{
    /// <summary>Moving average of parameters and statistics; absent if the run keeps no average.</summary>
    public const string Average = "ema.";

    /// <summary>Momentum, or the mean of the gradients, of a trained parameter.</summary>
    public const string FirstMoment = "optim.m.";

    /// <summary>Mean of the squared gradients of a trained parameter (Adam and AdamW).</summary>
    public const string SecondMoment = "optim.v.";

    /// <summary>Whether a tensor belongs to the network and not to the optimizer.</summary>
    public static bool IsOfNetwork(string name) => !name.StartsWith("optim.", StringComparison.Ordinal);

    /// <summary>The resulting weights of a run by PyTorch's names: the averaged weights if present, otherwise the last weights.</summary>
    public static Dictionary<string, NamedTensor> Result(IReadOnlyDictionary<string, NamedTensor> tensors)
    {
        var averaged = tensors.Where(t => t.Key.StartsWith(Average, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[Average.Length..], t => t.Value);
        return averaged.Count > 0 ? averaged : tensors.Where(t => IsOfNetwork(t.Key)).ToDictionary();
    }
}
