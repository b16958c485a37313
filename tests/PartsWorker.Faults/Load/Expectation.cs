namespace PartsWorker.Faults.Load;

/// <summary>Where a message must end: as a row, or as a dead letter for one of these reasons, or (both given) either.</summary>
internal sealed record Expectation(bool RowAllowed, IReadOnlyList<string> Reasons)
{
    public static Expectation Row { get; } = new(RowAllowed: true, []);

    public static Expectation Dead(params string[] reasons) => new(RowAllowed: false, reasons);

    public static Expectation RowOrDead(params string[] reasons) => new(RowAllowed: true, reasons);

    public bool Allows(bool row, string? reason) => row ? RowAllowed : reason is not null && Reasons.Contains(reason, StringComparer.Ordinal);
}
