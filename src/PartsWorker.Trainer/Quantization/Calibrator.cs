namespace PartsWorker.Trainer.Quantization;

/// <summary>Measures the distribution of each tensor that is rounded, in float32.</summary>
internal static class Calibrator
{
    public static Dictionary<string, TensorRange> Measure(
        FoldedNetwork network, QuantizationPlan plan, CalibrationImages images, CancellationToken cancel)
    {
        string[] tensors = [.. plan.Tensors.Select(plan.ScaleOf).Distinct(StringComparer.Ordinal)];
        TensorRange[] ranges = [.. tensors.Select(_ => new TensorRange())];
        using var runner = new GraphRunner(network.Model, tensors);
        runner.Run(images.Ranges, images.Side, (tensor, _, values) => ranges[tensor].Widen(values), cancel);
        runner.Run(images.Ranges, images.Side, (tensor, _, values) => ranges[tensor].Count(values), cancel);
        return tensors.Zip(ranges).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }
}
