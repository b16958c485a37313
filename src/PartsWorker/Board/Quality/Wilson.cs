namespace PartsWorker.Board.Quality;

/// <summary>Wilson's score interval of a share: honest for few observations, and never outside 0 to 1.</summary>
internal static class Wilson
{
    /// <summary>97.5 % quantile of the normal distribution, for an interval of 95 %.</summary>
    private const double Z = 1.959963984540054;

    /// <returns>Bounds of the share that <paramref name="hits"/> of <paramref name="trials"/> estimate; 0 to 1 without trials.</returns>
    public static (double Low, double High) Interval(long hits, long trials)
    {
        if (trials <= 0)
        {
            return (0, 1);
        }

        var share = (double)hits / trials;
        var square = Z * Z / trials;
        var center = share + (square / 2);
        var half = Z * Math.Sqrt((share * (1 - share) / trials) + (square / (4 * trials)));
        return (Math.Max(0, (center - half) / (1 + square)), Math.Min(1, (center + half) / (1 + square)));
    }
}
