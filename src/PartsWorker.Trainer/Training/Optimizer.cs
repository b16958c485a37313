using System.Numerics.Tensors;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training;

/// <summary>SGD, Adam and AdamW over flat memory; every pass is vectorised and goes over each tensor once per operation and cache block.</summary>
internal sealed class Optimizer
{
    // A block of each of the four arrays fits into the second-level cache together.
    private const int Block = 16 * 1024;
    private readonly OptimizerOptions _options;
    private readonly (ParameterSpec Spec, int State, int Gradient)[] _parts;

    public Optimizer(OptimizerOptions options, IReadOnlyList<(ParameterSpec Spec, int State, int Gradient)> parts, int stateLength)
    {
        (_options, _parts) = (options, [.. parts]);
        First = new float[stateLength];
        Second = options.Kind == OptimizerKind.Sgd ? [] : new float[stateLength];
    }

    /// <summary>Momentum, or the mean of the gradients.</summary>
    public float[] First { get; }

    /// <summary>Mean of the squared gradients (Adam and AdamW).</summary>
    public float[] Second { get; }

    /// <summary>Applies the gradients with this learning rate; returns their norm before clipping (infinite or NaN when they overflowed).</summary>
    public double Apply(Span<float> state, Span<float> gradients, float learningRate, long step)
    {
        var norm = Math.Sqrt(SumOfSquares(gradients));
        var factor = _options.ClipNorm > 0 && norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1f;
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        foreach (var (spec, at, from) in _parts)
        {
            var decay = spec.Name == MarginHead.WeightName ? _options.HeadDecay : spec.IsMatrix ? _options.WeightDecay : 0;
            for (var i = 0; i < spec.Count; i += Block)
            {
                var length = Math.Min(Block, spec.Count - i);
                var w = state.Slice(at + i, length);
                var g = gradients.Slice(from + i, length);
                if (factor != 1)
                {
                    TensorPrimitives.Multiply(g, factor, g);
                }

                if (_options.Kind == OptimizerKind.Sgd)
                {
                    Sgd(w, g, First.AsSpan(at + i, length), learningRate, decay);
                }
                else
                {
                    Adam(w, g, First.AsSpan(at + i, length), Second.AsSpan(at + i, length), learningRate, decay, step);
                }
            }
        }

        return norm;
    }

    private double SumOfSquares(Span<float> gradients)
    {
        var sum = 0.0;
        foreach (var (spec, _, from) in _parts)
        {
            sum += TensorPrimitives.SumOfSquares<float>(gradients.Slice(from, spec.Count));
        }

        return sum;
    }

    // d = g + decay·w;  m = momentum·m + d;  w -= rate·m, or with Nesterov w -= rate·(d + momentum·m).
    private void Sgd(Span<float> w, Span<float> g, Span<float> m, float rate, float decay)
    {
        if (decay > 0)
        {
            TensorPrimitives.MultiplyAdd<float>(w, decay, g, g);
        }

        TensorPrimitives.MultiplyAdd<float>(m, _options.Momentum, g, m);
        if (_options.Nesterov)
        {
            TensorPrimitives.MultiplyAdd<float>(m, _options.Momentum, g, g);
        }

        TensorPrimitives.MultiplyAdd<float>(_options.Nesterov ? g : m, -rate, w, w);
    }

    // Bias correction is folded into the rate and epsilon, as in PyTorch: w -= rate/c1 · m / (sqrt(v)/sqrt(c2) + eps).
    private void Adam(Span<float> w, Span<float> g, Span<float> m, Span<float> v, float rate, float decay, long step)
    {
        if (decay > 0 && _options.Kind == OptimizerKind.AdamW)
        {
            TensorPrimitives.Multiply(w, 1 - (rate * decay), w);
        }
        else if (decay > 0)
        {
            TensorPrimitives.MultiplyAdd<float>(w, decay, g, g);
        }

        var c1 = 1 - Math.Pow(_options.Beta1, step + 1);
        var c2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, step + 1));
        TensorPrimitives.Multiply(m, _options.Beta1, m);
        TensorPrimitives.MultiplyAdd<float>(g, 1 - _options.Beta1, m, m);
        TensorPrimitives.Multiply(g, g, g);
        TensorPrimitives.Multiply(v, _options.Beta2, v);
        TensorPrimitives.MultiplyAdd<float>(g, 1 - _options.Beta2, v, v);
        TensorPrimitives.Sqrt<float>(v, g);
        TensorPrimitives.Multiply(g, (float)(1 / c2), g);
        TensorPrimitives.Add(g, _options.Epsilon, g);
        TensorPrimitives.Divide<float>(m, g, g);
        TensorPrimitives.MultiplyAdd<float>(g, (float)(-rate / c1), w, w);
    }
}
