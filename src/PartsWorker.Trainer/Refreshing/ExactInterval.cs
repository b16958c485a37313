namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// The exact 95 % interval of a binomial share: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in
/// the case of the binomial, Biometrika 26 (1934) 404-413. Each limit is the share for which the observed count, or a more extreme one,
/// has probability 2.5 %.
/// </summary>
internal static class ExactInterval
{
    private const double Tail = 0.025;
    private const int Halvings = 60;

    /// <param name="hits">Observed count, 0..<paramref name="trials"/>.</param>
    /// <param name="trials">Number of trials, above 0.</param>
    public static (double Lower, double Upper) Of(int hits, int trials) => (
        hits == 0 ? 0 : Solve(share => AtLeast(hits, trials, share) < Tail),
        hits == trials ? 1 : Solve(share => 1 - AtLeast(hits + 1, trials, share) > Tail));

    /// <summary>The share up to which a condition holds.</summary>
    private static double Solve(Func<double, bool> holds)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Probability of at least <paramref name="hits"/> hits.</summary>
    private static double AtLeast(int hits, int trials, double share)
    {
        // log of trials! / (i! (trials - i)!) for i = hits - 1, then one factor per step.
        var choose = Enumerable.Range(1, hits - 1).Sum(i => Math.Log((trials - i + 1.0) / i));
        var sum = 0.0;
        for (var i = hits; i <= trials; i++)
        {
            choose += Math.Log((trials - i + 1.0) / i);
            sum += Math.Exp(choose + (i * Math.Log(share)) + ((trials - i) * Math.Log(1 - share)));
        }

        return Math.Min(1, sum);
    }
}
