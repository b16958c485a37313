namespace PartsWorker.Demo;

/// <summary>Prints the query, the row of each image, and a last line for scripts.</summary>
internal static class DemoReport
{
    /// <returns>True when every image has exactly one row.</returns>
    public static bool Print(TextWriter output, string sql, IReadOnlyList<DemoSample> samples, IReadOnlyList<DemoRow> rows)
    {
        var truth = samples.ToDictionary(s => s.Reference.ImageId, s => s.TrueClass);
        output.WriteLine();
        output.WriteLine(sql);
        output.WriteLine();
        output.WriteLine($"{"image",-46} {"class",-38} {"conf.",5} {"color",-8} {"shape",-8} truth");
        foreach (var row in rows)
        {
            output.WriteLine(
                $"{row.Image,-46} {row.Class ?? "(unknown)",-38} {row.Confidence,5:0.00} {row.Color,-8} {row.Shape,-8} {Mark(row, truth)}");
        }

        foreach (var missing in samples.Where(s => rows.All(r => r.ImageId != s.Reference.ImageId)))
        {
            var image = string.Join('/', missing.Reference.Uri.Split('/')[^2..]);
            output.WriteLine($"{image,-46} no row: see partsworker dead-letters list and the log");
        }

        var correct = rows.Count(r => truth.TryGetValue(r.ImageId, out var name) && name == r.Class);
        output.WriteLine();
        output.WriteLine($"{correct} of {samples.Count} classified correctly by {string.Join(", ", rows.Select(r => r.Model).Distinct())}");
        output.WriteLine($"demo: images={samples.Count} rows={rows.Count} correct={correct}");
        return rows.Count == samples.Count;
    }

    private static string Mark(DemoRow row, Dictionary<Guid, string> truth) =>
        !truth.TryGetValue(row.ImageId, out var name) ? "" : name == row.Class ? "right" : $"is {name}";
}
