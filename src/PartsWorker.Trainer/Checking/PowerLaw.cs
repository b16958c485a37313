namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Extrapolates a learning curve: the error of a class falls with a power of its number of images, error = a * n^-b. Least squares on the
/// logarithms give the estimate. Its range covers one standard error of a recall measured on so few images, and the slopes of the first and
/// of the last doubling.
/// </summary>
internal static class PowerLaw
{
    // An error of 0 has no logarithm; below one in a thousand it cannot be measured.
    private const double SmallestError = 1e-3;

    /// <param name="curve">Recall at 25, 50 and 100 % of the images.</param>
    /// <param name="growth">Number of images to extrapolate to, relative to 100 %; 1..2.</param>
    /// <param name="images">Number of images that the recall was measured on, 1 or more.</param>
    /// <returns>Recall, 0..1; the lower end is at least the recall at 100 %.</returns>
    public static (double Low, double Estimate, double High) Extrapolate(IReadOnlyList<double> curve, double growth, int images)
    {
        var errors = curve.Select(r => Math.Log2(Math.Max(1 - r, SmallestError))).ToArray();
        var (first, last) = (Slope(errors[0], errors[1]), Slope(errors[1], errors[2]));

        // For three equally spaced points, least squares takes the mean of both slopes.
        var estimate = At(Slope(errors[0], errors[2]) / 2);
        var spread = Math.Sqrt(estimate * (1 - estimate) / images);
        return (
            Math.Max(curve[^1], Math.Min(estimate - spread, At(Math.Min(first, last)))),
            estimate,
            Math.Min(1, Math.Max(estimate + spread, At(Math.Max(first, last)))));

        double At(double slope) => 1 - ((1 - curve[^1]) * Math.Pow(growth, -slope));
    }

    /// <summary>How much the logarithm of the error falls; a rising error counts as a flat one.</summary>
    private static double Slope(double before, double after) => Math.Max(0, before - after);
}
