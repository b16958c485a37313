using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training.Steps;

/// <summary>
/// SGD, Adam and AdamW over flat memory. The work is vectorized and split into blocks that fit into the cache; threads share the
/// blocks.
/// </summary>
internal sealed class Optimizer
{
    // One block of all four arrays fits into the second-level cache.
    private const int BlockLength = 16 * 1024;
    private readonly OptimizerOptions _options;
    private readonly ParallelOptions _threads;
    private readonly Block[] _blocks;
    private readonly double[] _squares;

    /// <param name="options">Optimizer and its constants.</param>
    /// <param name="parts">Trained parameters with their offsets in the state and in the gradients.</param>
    /// <param name="stateLength">Number of floats in the state.</param>
    /// <param name="threads">Number of threads; 0 = all cores. The result does not depend on it.</param>
    public Optimizer(
        OptimizerOptions options, IReadOnlyList<(ParameterSpec Spec, int State, int Gradient)> parts, int stateLength, int threads = 1)
    {
        _options = options;
        _blocks = [.. parts.SelectMany(p => Split(p.Spec, p.State, p.Gradient))];
        _threads = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        _squares = new double[_blocks.Length];
        First = new float[stateLength];
        Second = options.Kind == OptimizerKind.Sgd ? [] : new float[stateLength];
    }

    /// <summary>Momentum, or the mean of the gradients.</summary>
    public float[] First { get; }

    /// <summary>Mean of the squared gradients (Adam and AdamW).</summary>
    public float[] Second { get; }

    /// <summary>
    /// Applies the gradients; returns their norm before clipping, which is infinite or NaN after an overflow.
    /// </summary>
    public unsafe double Apply(Span<float> state, Span<float> gradients, float learningRate, long step)
    {
        fixed (float* states = state, slopes = gradients)
        {
            // Delegates cannot capture spans; both stay pinned until all threads are done.
            var (w, g) = ((nint)states, (nint)slopes);
            Parallel.For(
                0,
                _blocks.Length,
                _threads,
                i => _squares[i] = TensorPrimitives.SumOfSquares<float>(_blocks[i].Of(g, _blocks[i].Gradient)));
            var norm = Math.Sqrt(_squares.Sum());
            if (double.IsFinite(norm))
            {
                var factor = _options.ClipNorm > 0 && norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1f;
                Parallel.For(0, _blocks.Length, _threads, i => Update(_blocks[i], w, g, factor, learningRate, step));
            }

            return norm;
        }
    }

    private IEnumerable<Block> Split(ParameterSpec spec, int state, int gradient)
    {
        var decay = spec.IsMatrix ? _options.WeightDecay : 0;
        if (spec.Name == MarginHead.WeightName)
        {
            decay = _options.HeadDecay;
        }

        var factor = Heads.IsHead(spec.Name) ? _options.HeadRate : 1;
        for (var i = 0; i < spec.Count; i += BlockLength)
        {
            yield return new(state + i, gradient + i, Math.Min(BlockLength, spec.Count - i), decay, factor);
        }
    }

    private void Update(Block block, nint states, nint gradients, float factor, float rate, long step)
    {
        var w = block.Of(states, block.State);
        var g = block.Of(gradients, block.Gradient);
        var m = First.AsSpan(block.State, block.Length);
        if (factor != 1)
        {
            TensorPrimitives.Multiply(g, factor, g);
        }

        rate *= block.Rate;
        if (_options.Kind == OptimizerKind.Sgd)
        {
            Sgd(w, g, m, rate, block.Decay);
        }
        else
        {
            Adam(w, g, m, Second.AsSpan(block.State, block.Length), rate, block.Decay, step);
        }
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

    /// <summary>A part of one parameter; <paramref name="Rate"/> is a factor on the learning rate.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Block(int State, int Gradient, int Length, float Decay, float Rate)
    {
        public unsafe Span<float> Of(nint floats, int at) => new((float*)floats + at, Length);
    }
}
