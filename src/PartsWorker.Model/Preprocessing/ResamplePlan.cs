namespace PartsWorker.Model.Preprocessing;

/// <summary>
/// The weights of one axis, as Pillow's BILINEAR computes them: a triangle whose support grows with the reduction, normalized in double,
/// then stored with 22 fractional bits. For SIMD each weight is also split into two halves of 11 bits, which multiply-add in 16 bits without loss.
/// </summary>
internal sealed class ResamplePlan
{
    public const int FractionBits = 22;
    public const int HalfBits = 11;

    private ResamplePlan(int input, int output)
    {
        Input = input;
        Output = output;
        var scale = (double)input / output;
        var filterScale = Math.Max(scale, 1.0);
        var maxTaps = ((int)Math.Ceiling(filterScale) * 2) + 1;
        Groups = (maxTaps + 3) / 4;
        First = new int[output];
        Taps = new int[output];
        Weights = new int[output * Groups * 4];
        var row = new double[maxTaps];
        for (var x = 0; x < output; x++)
        {
            Fill(x, (x + 0.5) * scale, filterScale, row);
        }

        Halves = SplitForPairs(Weights);
    }

    public int Input { get; }

    public int Output { get; }

    /// <summary>Weights per output position in groups of four; unused ones are 0.</summary>
    public int Groups { get; }

    public int[] First { get; }

    public int[] Taps { get; }

    public int[] Weights { get; }

    /// <summary>Per group of four taps: high halves (w0 w1)x4 (w2 w3)x4, then low halves in the same order; 32 shorts.</summary>
    public short[] Halves { get; }

    public static ResamplePlan Create(int input, int output) => new(input, output);

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

    private static short[] SplitForPairs(int[] weights)
    {
        var halves = new short[weights.Length * 8];
        for (var i = 0; i < weights.Length; i++)
        {
            var (group, tap) = (i / 4, i % 4);
            var at = (group * 32) + (tap / 2 * 8) + (tap % 2);
            for (var lane = 0; lane < 8; lane += 2)
            {
                halves[at + lane] = (short)(weights[i] >> HalfBits);
                halves[at + lane + 16] = (short)(weights[i] & ((1 << HalfBits) - 1));
            }
        }

        return halves;
    }
}
