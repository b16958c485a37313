using PartsWorker.Faults.Load;

namespace PartsWorker.Faults.Audit;

/// <summary>Compares the published messages with the places where they ended.</summary>
internal static class Auditor
{
    public static AuditReport Compare(
        IReadOnlyList<PlannedMessage> published,
        IReadOnlyDictionary<Guid, int> rows,
        IReadOnlyDictionary<Guid, List<string>> dead,
        int stillQueued)
    {
        int stored = 0, buried = 0, lost = 0, duplicates = 0;
        var misplaced = new List<string>();
        foreach (var message in published)
        {
            var count = message.ImageId is { } id ? rows.GetValueOrDefault(id) : 0;
            var reasons = dead.GetValueOrDefault(message.Id);
            stored += count > 0 ? 1 : 0;
            buried += reasons is not null ? 1 : 0;
            lost += count == 0 && reasons is null ? 1 : 0;
            duplicates += count > 1 || (count > 0 && reasons is not null) ? 1 : 0;
            if ((count > 0 || reasons is not null) && !message.Expected.Allows(count > 0, reasons?[0]))
            {
                var actual = count > 0 ? "row" : reasons![0];
                var expected = (message.Expected.RowAllowed ? "row " : "") + string.Join('|', message.Expected.Reasons);
                misplaced.Add($"{message.Id}: {actual}, expected {expected}");
            }
        }

        var repeated = dead.Values.Sum(copies => copies.Count - 1);
        return new(published.Count, stored, buried, lost, duplicates, misplaced, repeated, stillQueued);
    }
}
