namespace PartsWorker.Board.Layout;

/// <summary>Distance of the horizontal lines of a plot that starts at zero.</summary>
internal static class PlotSteps
{
    /// <returns>About five lines up to <paramref name="most"/>: 1, 2 or 5 times a power of ten, at least 1.</returns>
    public static int Of(double most)
    {
        var rough = Math.Max(1, most / 5);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (int)(power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10));
    }
}
