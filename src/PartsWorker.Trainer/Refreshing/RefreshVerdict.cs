namespace PartsWorker.Trainer.Refreshing;

/// <summary>Whether a candidate is proposed, and why. The rules in their order:
/// <list type="number">
/// <item>Not better if it is certainly worse on the frozen set by more than the margin: the upper end of the interval is below it.</item>
/// <item>Better if the lower end of the interval on the recent reviews is above 0.</item>
/// <item>Better if it adds classes, the frozen set loses no more than the margin, and the recent reviews lose nothing.</item>
/// <item>Otherwise not better.</item>
/// </list>
/// The rules accept a loss that may be chance: more classes make each known class harder, and a limit on the estimated loss kept new
/// classes out of a bundle for weeks.
/// The first rule also catches reviews that are systematically wrong, because the candidate agrees with their held-out part.
/// </summary>
/// <param name="Better">Whether the candidate is proposed.</param>
/// <param name="Reason">One line.</param>
internal sealed record RefreshVerdict(bool Better, string Reason)
{
    /// <summary>Largest accepted loss on the frozen set, in points.</summary>
    public const double DefaultMargin = 0.5;

    /// <param name="recent">The held-out recent reviews.</param>
    /// <param name="frozen">The frozen set.</param>
    /// <param name="newClasses">Number of classes that only the candidate knows.</param>
    /// <param name="margin">Largest accepted loss on the frozen set, in points, 0..100.</param>
    public static RefreshVerdict Decide(PairedComparison recent, PairedComparison frozen, int newClasses, double margin)
    {
        if (frozen.High * 100 < -margin)
        {
            return new(false, $"not better: {Text("the frozen set", frozen)}, a loss of more than {margin:0.0##} points");
        }

        if (recent.Low > 0)
        {
            return new(true, $"better: {Text("recent reviews", recent)}");
        }

        // One part in a billion of a point absorbs the rounding of the division.
        return newClasses > 0 && recent.Difference >= 0 && (frozen.Difference * 100) + 1e-9 >= -margin
            ? new(true, $"better: {newClasses} new class(es), and {Text("the frozen set", frozen)}")
            : new(false, $"not better: {Text("recent reviews", recent)}; {Hindrance(recent, frozen, newClasses, margin)}");
    }

    private static string Hindrance(PairedComparison recent, PairedComparison frozen, int newClasses, double margin) =>
        (newClasses, recent.Difference) switch
        {
            (0, _) => "there are no new classes",
            (_, < 0) => $"{newClasses} new class(es), but a loss on recent reviews",
            _ => $"{newClasses} new class(es), but {Text("the frozen set", frozen)}, a loss of more than {margin:0.0##} points",
        };

    private static string Text(string set, PairedComparison comparison) =>
        $"{set} {comparison.Difference * 100:+0.0;-0.0;0.0} points "
            + $"(95 % interval {comparison.Low * 100:+0.0;-0.0;0.0} to {comparison.High * 100:+0.0;-0.0;0.0})";
}
