using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Quantization;

/// <summary>A convolution with constant weights; a normalization and a bias that follow it are folded into it.</summary>
internal sealed class ConvolutionLayer(NodeProto node, Constant weight)
{
    private readonly float[] _factors = [.. Enumerable.Repeat(1f, (int)weight.Dims[0])];

    public NodeProto Node { get; } = node;

    /// <summary>Name of its weight without the suffix, such as <c>layer1.0.conv1</c>.</summary>
    public string Name => weight.Layer;

    /// <summary>[outputs, inputs / groups, height, width].</summary>
    public long[] Dims => weight.Dims;

    public int Outputs => _factors.Length;

    public float[] Bias { get; } = new float[(int)weight.Dims[0]];

    /// <summary>Name of the tensor that it reads.</summary>
    public string Input => Node.Input[0];

    /// <summary>Name of the tensor that it writes, after what is folded into it.</summary>
    public string Output => Node.Output[0];

    /// <summary>Weights times the folded normalization.</summary>
    public float[] Weights()
    {
        var width = weight.Values.Length / Outputs;
        return [.. weight.Values.Select((value, i) => value * _factors[i / width])];
    }

    /// <summary>
    /// Weights as integers of -127..127 with one scale per output. If the bundle stores 8-bit weights, these are the same integers.
    /// </summary>
    public (sbyte[] Codes, float[] Scales) Quantize() => weight is { Codes: { } codes, Scales: { } scales } && scales.Length == Outputs
        ? (codes, [.. scales.Select((scale, o) => scale * _factors[o])])
        : Graph.TensorCodec.Quantize(Weights(), Outputs);

    public void AddBias(float[] bias)
    {
        for (var o = 0; o < Outputs; o++)
        {
            Bias[o] += bias[o];
        }
    }

    /// <summary>Folds y = (x - mean) / sqrt(variance + epsilon) * scale + shift, which follows the convolution.</summary>
    public void Normalize(float[] scale, float[] shift, float[] mean, float[] variance, float epsilon)
    {
        for (var o = 0; o < Outputs; o++)
        {
            var factor = scale[o] / MathF.Sqrt(variance[o] + epsilon);
            _factors[o] *= factor;
            Bias[o] = ((Bias[o] - mean[o]) * factor) + shift[o];
        }
    }
}
