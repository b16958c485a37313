using Google.Protobuf;
using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Makes an 8-bit network: measures ranges, chooses how to cut them by the loss on held-out training images, corrects the biases, and
/// keeps the layers that lose most in float32 until the loss is small enough.
/// </summary>
/// <param name="network">float32 network that reads uint8 images, as bytes of an ONNX file.</param>
/// <param name="images">Training images.</param>
/// <param name="largestLoss">Largest loss that is accepted without keeping layers in float32.</param>
internal sealed class NetworkQuantizer(byte[] network, CalibrationImages images, double largestLoss)
{
    // The loss of single layers is measured on few images, because there may be hundreds of layers.
    private const int SensitivityImages = 24;
    private readonly FoldedNetwork _network = new(network);

    /// <exception cref="UserErrorException">The network has no convolution, or rounding loses too much.</exception>
    public Int8Network Run(IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        if (_network.Layers.Count == 0)
        {
            throw new UserErrorException("the network has no convolution that can be quantized");
        }

        var all = new QuantizationPlan(_network, new HashSet<string>());
        progress?.Report($"measuring {all.Tensors.Count} tensors of {_network.Layers.Count} layers");
        var ranges = Calibrator.Measure(_network, all, images, cancel);
        var loss = new OutputLoss(_network, images.HoldOut, images.Side, cancel);
        var tried = Enum.GetValues<RangeMethod>().Select(method => Try(method, all, ranges, loss, cancel)).ToArray();
        var best = tried.MinBy(t => t.Loss)!;
        progress?.Report($"measuring the loss of {_network.Layers.Count} single layers");
        var layers = Sensitivity(best, loss, cancel);
        var (chosen, floats) = KeepFloats(best, layers, loss, cancel);
        return new(chosen.Model.ToByteArray(), best.Method, tried.ToDictionary(t => t.Method, t => t.Loss), layers, floats)
        {
            Loss = chosen.Loss,
            Speedup = loss.FloatTime / chosen.Time,
        };
    }

    private Trial Try(
        RangeMethod method,
        QuantizationPlan plan,
        Dictionary<string, TensorRange> ranges,
        OutputLoss loss,
        CancellationToken cancel)
    {
        var grids = plan.Tensors.ToDictionary(t => t, t => ranges[plan.ScaleOf(t)].Choose(method), StringComparer.Ordinal);
        var shifts = BiasShift.Measure(_network, plan, grids, images, cancel);
        return Measure(method, plan, grids, shifts, loss, cancel);
    }

    private Trial Measure(
        RangeMethod method,
        QuantizationPlan plan,
        Dictionary<string, Grid> grids,
        Dictionary<string, float[]> shifts,
        OutputLoss loss,
        CancellationToken cancel)
    {
        var model = new QdqGraph(_network, plan, grids, shifts).Write();
        var (lost, time) = loss.Of(model, images.HoldOut.Count, cancel);
        return new(method, model, lost, time, grids, shifts);
    }

    private LayerLoss[] Sensitivity(Trial best, OutputLoss loss, CancellationToken cancel)
    {
        var names = _network.Layers.Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. _network.Layers.Select(layer =>
                {
                    var plan = new QuantizationPlan(_network, names.Where(n => n != layer.Name).ToHashSet(StringComparer.Ordinal));
                    var model = new QdqGraph(_network, plan, best.Grids, best.Shifts).Write();
                    return new LayerLoss(layer.Name, loss.Of(model, SensitivityImages, cancel).Loss);
                })
                .OrderByDescending(l => l.Loss),
        ];
    }

    private (Trial Chosen, IReadOnlyList<string> Floats) KeepFloats(
        Trial best, LayerLoss[] layers, OutputLoss loss, CancellationToken cancel)
    {
        var (chosen, floats) = (best, new List<string>());
        while (chosen.Loss > largestLoss)
        {
            if (floats.Count >= Math.Max(1, layers.Length / 4))
            {
                throw new UserErrorException(
                    $"int8 loses too much: {chosen.Loss:0.0000} with {floats.Count} of {layers.Length} layers in float32, and the limit is "
                        + $"{largestLoss:0.0000} (--int8-loss)",
                    exitCode: 1);
            }

            floats.Add(layers[floats.Count].Layer);
            var plan = new QuantizationPlan(_network, floats.ToHashSet(StringComparer.Ordinal));
            chosen = Measure(best.Method, plan, best.Grids, best.Shifts, loss, cancel);
        }

        return (chosen, floats);
    }

    private sealed record Trial(
        RangeMethod Method,
        ModelProto Model,
        double Loss,
        TimeSpan Time,
        Dictionary<string, Grid> Grids,
        Dictionary<string, float[]> Shifts);
}
