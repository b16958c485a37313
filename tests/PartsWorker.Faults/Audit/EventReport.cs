namespace PartsWorker.Faults.Audit;

/// <summary>The published result events, compared with the rows in SQL.</summary>
/// <param name="Events">Events that arrived, copies included.</param>
/// <param name="Missing">Live rows without an event.</param>
/// <param name="Wrong">Events that SQL does not hold: no such row, a shadow row, or another class or decision.</param>
/// <param name="Repeated">Further copies of an event.</param>
/// <param name="Examples">The first missing and wrong ones, a line each.</param>
internal sealed record EventReport(int Events, int Missing, int Wrong, int Repeated, IReadOnlyList<string> Examples)
{
    private const int MostExamples = 10;

    public bool IsClean => Missing == 0 && Wrong == 0;

    public static EventReport Compare(IReadOnlyList<StoredRow> rows, IReadOnlyList<EventOfRow> events)
    {
        var stored = rows.ToDictionary(row => (row.ImageId, row.Model));
        var arrived = events.Select(e => (e.ImageId, e.Model)).ToHashSet();
        var missing = rows.Where(row => row is { Lane: "live", Shadow: false } && !arrived.Contains((row.ImageId, row.Model))).ToList();
        var wrong = events.Where(e => !(stored.TryGetValue((e.ImageId, e.Model), out var row) && Agrees(e, row))).ToList();
        string[] examples =
        [
            .. missing.Select(row => $"missing for image {row.ImageId}").Take(MostExamples),
            .. wrong.Select(e => $"image {e.ImageId}: SQL does not hold {e.Decision} '{e.Class}'").Take(MostExamples),
        ];
        return new(events.Count, missing.Count, wrong.Count, events.Count - arrived.Count, examples);
    }

    private static bool Agrees(EventOfRow e, StoredRow row) => !row.Shadow && (e.Class, e.Decision) == (row.Class, row.Decision);
}

internal sealed record StoredRow(Guid ImageId, string Model, string? Class, string Decision, string Lane, bool Shadow);

internal sealed record EventOfRow(Guid ImageId, string Model, string? Class, string Decision);
