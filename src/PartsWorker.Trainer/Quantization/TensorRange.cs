namespace PartsWorker.Trainer.Quantization;

/// <summary>How the range of a tensor is chosen from its values for the calibration images; values outside are cut.</summary>
internal enum RangeMethod
{
    /// <summary>All values.</summary>
    MinMax,

    /// <summary>All but the outermost 0.01 %.</summary>
    Percentile,

    /// <summary>The range with the smallest mean squared error.</summary>
    Mse,
}

/// <summary>The distribution of the values of a tensor.</summary>
internal sealed class TensorRange
{
    private const int Bins = 2048;
    private const double Outside = 1e-4;
    private const int Cuts = 40;
    private const double SmallestCut = 0.2;
    private readonly long[] _counts = new long[Bins];
    private float _low;
    private float _high;

    /// <summary>First pass: the smallest and the largest value.</summary>
    public void Widen(ReadOnlySpan<float> values)
    {
        _low = MathF.Min(_low, System.Numerics.Tensors.TensorPrimitives.Min(values));
        _high = MathF.Max(_high, System.Numerics.Tensors.TensorPrimitives.Max(values));
    }

    /// <summary>Second pass: counts the values.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var factor = _high > _low ? (Bins - 1) / (_high - _low) : 0;
        foreach (var value in values)
        {
            _counts[(int)((value - _low) * factor)]++;
        }
    }

    public Grid Choose(RangeMethod method) => method switch
    {
        RangeMethod.Percentile => Percentile(),
        RangeMethod.Mse => SmallestError(),
        _ => Grid.Of(_low, _high),
    };

    private float ValueOf(int bin) => _low + ((bin + 0.5f) * (_high - _low) / Bins);

    // Zeros are left out: most values after a ReLU are zero, and a share of all values would cut too little.
    private Grid Percentile()
    {
        var zero = _high > _low ? (int)(-_low * (Bins - 1) / (_high - _low)) : 0;
        var others = _counts.Where((_, bin) => bin != zero).Sum();
        var cut = (long)(others * Outside / 2);
        var (low, high) = (0, Bins - 1);
        for (long passed = 0; low < zero && passed + _counts[low] <= cut; low++)
        {
            passed += _counts[low];
        }

        for (long passed = 0; high > zero && passed + _counts[high] <= cut; high--)
        {
            passed += _counts[high];
        }

        return Grid.Of(low == 0 ? _low : ValueOf(low), high == Bins - 1 ? _high : ValueOf(high));
    }

    private Grid SmallestError()
    {
        var cuts = Enumerable.Range(0, Cuts).Select(i => (float)(1 - (i * (1 - SmallestCut) / Cuts)));
        return cuts.SelectMany(cut => new[] { Grid.Of(_low * cut, _high * cut), Grid.Of(_low, _high * cut) }).MinBy(ErrorOf);
    }

    private double ErrorOf(Grid grid)
    {
        double error = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            if (_counts[bin] > 0)
            {
                var value = ValueOf(bin);
                var code = Math.Clamp(MathF.Round(value / grid.Scale) + grid.Zero, 0, 255);
                var difference = value - ((code - grid.Zero) * grid.Scale);
                error += _counts[bin] * (double)(difference * difference);
            }
        }

        return error;
    }
}
