namespace PartsWorker.Trainer.Quantization;

/// <summary>An 8-bit network and how it was made.</summary>
/// <param name="Graph">ONNX file.</param>
/// <param name="Method">How the ranges were chosen.</param>
/// <param name="Methods">The loss of every method on the held-out images; see <see cref="OutputLoss"/>.</param>
/// <param name="Layers">The loss of each layer when only that layer is rounded, largest first.</param>
/// <param name="Floats">The layers that stay float32.</param>
internal sealed record Int8Network(
    byte[] Graph,
    RangeMethod Method,
    IReadOnlyDictionary<RangeMethod, double> Methods,
    IReadOnlyList<LayerLoss> Layers,
    IReadOnlyList<string> Floats)
{
    /// <summary>The loss on the held-out images.</summary>
    public double Loss { get; init; }

    /// <summary>Time of the float32 network divided by its own, on this machine with all cores and 8 images per run.</summary>
    public double Speedup { get; init; }
}

/// <summary>The loss of a network in which only this layer is rounded.</summary>
internal sealed record LayerLoss(string Layer, double Loss);
