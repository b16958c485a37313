namespace PartsWorker.Faults.Load;

/// <summary>Where a message must end: as a row, as a dead letter with one of these reasons, or, if both are given, as either.</summary>
internal sealed record Expectation(bool RowAllowed, IReadOnlyList<string> Reasons)
{
    public static Expectation Row { get; } = new(RowAllowed: true, []);

    public static Expectation Dead(params string[] reasons) => new(RowAllowed: false, reasons);

    public static Expectation RowOrDead(params string[] reasons) => new(RowAllowed: true, reasons);

    public bool Allows(bool row, string? reason) =>
        row ? RowAllowed : reason is not null && Reasons.Contains(reason, StringComparer.Ordinal);
}
