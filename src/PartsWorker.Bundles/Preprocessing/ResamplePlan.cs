namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// The weights of one axis, as Pillow's BILINEAR computes them: a triangle whose support grows with the reduction, normalized in double,
/// then stored with 22 fractional bits. For SIMD each weight is also split into two halves of 11 bits, which multiply-add in 16 bits
/// without loss.
/// </summary>
internal sealed class ResamplePlan
{
    public const int FractionBits = 22;
    public const int HalfBits = 11;

    private double[] _row = [];

    public int Input { get; private set; }

    public int Output { get; private set; }

    /// <summary>Weights per output position in groups of four; unused ones are 0.</summary>
    public int Groups { get; private set; }

    public int[] First { get; private set; } = [];

    public int[] Taps { get; private set; } = [];

    public int[] Weights { get; private set; } = [];

    /// <summary>Per group of four taps: high halves (w0 w1)x4 (w2 w3)x4, then low halves in the same order; 32 shorts.</summary>
    public short[] Halves { get; private set; } = [];

    /// <summary>
    /// Computes the weights from <paramref name="input"/> to <paramref name="output"/> pixels and reuses the arrays where they are large
    /// enough.
    /// </summary>
    public void Fit(int input, int output)
    {
        if (input == Input && output == Output)
        {
            return;
        }

        // The arrays belong to no size until they are filled: an allocation may fail in between.
        (Input, Output) = (input, 0);
        var scale = (double)input / output;
        var filterScale = Math.Max(scale, 1.0);
        var maxTaps = ((int)Math.Ceiling(filterScale) * 2) + 1;
        Groups = (maxTaps + 3) / 4;
        Reserve(output, Groups * 4);
        for (var x = 0; x < output; x++)
        {
            Fill(x, (x + 0.5) * scale, filterScale, _row);
        }

        SplitForPairs(output * Groups * 4);
        Output = output;
    }

    private void Reserve(int output, int perOutput)
    {
        if (First.Length < output)
        {
            (First, Taps) = (new int[output], new int[output]);
        }

        if (Weights.Length < output * perOutput)
        {
            (Weights, Halves) = (new int[output * perOutput], new short[output * perOutput * 8]);
        }

        if (_row.Length < perOutput)
        {
            _row = new double[perOutput];
        }

        Weights.AsSpan(0, output * perOutput).Clear();
    }

    private void Fill(int x, double center, double support, Span<double> row)
    {
        var first = Math.Max((int)(center - support + 0.5), 0);
        var taps = Math.Min((int)(center + support + 0.5), Input) - first;
        double sum = 0;
        for (var i = 0; i < taps; i++)
        {
            var distance = Math.Abs((i + first - center + 0.5) * (1.0 / support));
            row[i] = distance < 1.0 ? 1.0 - distance : 0.0;
            sum += row[i];
        }

        for (var i = 0; i < taps; i++)
        {
            Weights[(x * Groups * 4) + i] = (int)(0.5 + (row[i] / sum * (1 << FractionBits)));
        }

        First[x] = first;
        Taps[x] = taps;
    }

    private void SplitForPairs(int weights)
    {
        for (var i = 0; i < weights; i++)
        {
            var (group, tap) = (i / 4, i % 4);
            var at = (group * 32) + (tap / 2 * 8) + (tap % 2);
            for (var lane = 0; lane < 8; lane += 2)
            {
                Halves[at + lane] = (short)(Weights[i] >> HalfBits);
                Halves[at + lane + 16] = (short)(Weights[i] & ((1 << HalfBits) - 1));
            }
        }
    }
}
