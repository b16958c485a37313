namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Minimizes a function of a few numbers without derivatives (Nelder and Mead 1965, the usual coefficients 1, 2, 1/2, 1/2).
/// </summary>
internal static class NelderMead
{
    private const double Converged = 1e-9;

    /// <param name="cost">Function to minimize; may be infinite outside its domain.</param>
    /// <param name="start">Starting point.</param>
    /// <param name="step">Size of the first simplex along each axis.</param>
    /// <param name="rounds">Maximum number of iterations.</param>
    public static (double[] Point, double Cost) Minimize(Func<double[], double> cost, double[] start, double step = 0.5, int rounds = 400)
    {
        var simplex = Simplex(cost, start, step);
        for (var round = 0; round < rounds; round++)
        {
            simplex.Sort((a, b) => a.Cost.CompareTo(b.Cost));
            if (simplex[^1].Cost - simplex[0].Cost < Converged)
            {
                break;
            }

            Improve(cost, simplex);
        }

        return simplex.MinBy(v => v.Cost);
    }

    private static List<(double[] Point, double Cost)> Simplex(Func<double[], double> cost, double[] start, double step)
    {
        var points = new List<double[]> { start };
        for (var i = 0; i < start.Length; i++)
        {
            var corner = (double[])start.Clone();
            corner[i] += step;
            points.Add(corner);
        }

        return points.ConvertAll(p => (p, cost(p)));
    }

    /// <summary>Moves the worst corner, or shrinks all corners toward the best.</summary>
    private static void Improve(Func<double[], double> cost, List<(double[] Point, double Cost)> simplex)
    {
        var (best, second, worst) = (simplex[0], simplex[^2], simplex[^1]);
        var center = Enumerable.Range(0, worst.Point.Length).Select(i => simplex.SkipLast(1).Average(v => v.Point[i])).ToArray();
        (double[] Point, double Cost) Along(double t)
        {
            var point = center.Select((c, i) => c + (t * (worst.Point[i] - c))).ToArray();
            return (point, cost(point));
        }

        var reflected = Along(-1);
        if (reflected.Cost < best.Cost)
        {
            var expanded = Along(-2);
            simplex[^1] = expanded.Cost < reflected.Cost ? expanded : reflected;
        }
        else if (reflected.Cost < second.Cost)
        {
            simplex[^1] = reflected;
        }
        else
        {
            var contracted = Along(reflected.Cost < worst.Cost ? -0.5 : 0.5);
            if (contracted.Cost < Math.Min(worst.Cost, reflected.Cost))
            {
                simplex[^1] = contracted;
            }
            else
            {
                Shrink(cost, simplex);
            }
        }
    }

    private static void Shrink(Func<double[], double> cost, List<(double[] Point, double Cost)> simplex)
    {
        var best = simplex[0].Point;
        for (var i = 1; i < simplex.Count; i++)
        {
            var point = simplex[i].Point.Select((x, j) => (x + best[j]) / 2).ToArray();
            simplex[i] = (point, cost(point));
        }
    }
}
