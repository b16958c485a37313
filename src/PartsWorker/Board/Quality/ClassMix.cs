namespace PartsWorker.Board.Quality;

/// <summary>The most frequent classes of a window, by day; the rest is one more.</summary>
internal static class ClassMix
{
    public const int Top = 8;
    public const string Unknown = "unknown";
    public const string Others = "all other classes";

    /// <returns>Name and share of each day (0 to 1; 0 on a day without parts): top classes, the others, unknown.</returns>
    public static IReadOnlyList<(string Name, double[] Shares)> Of(IReadOnlyList<QualityDay> days)
    {
        var top = days.SelectMany(day => day.Classes).Where(row => row.Class is not null).GroupBy(row => row.Class!, StringComparer.Ordinal)
            .Select(rows => (Name: rows.Key, Parts: rows.Sum(row => row.Parts)))
            .OrderByDescending(row => row.Parts).ThenBy(row => row.Name, StringComparer.Ordinal)
            .Take(Top).Select(row => row.Name).ToArray();
        var mix = top.Select(name => (name, Shares(days, row => row.Class == name))).ToList();
        mix.Add((Others, Shares(days, row => row.Class is not null && !top.Contains(row.Class))));
        mix.Add((Unknown, Shares(days, row => row.Class is null)));
        return [.. mix.Where(row => row.Item2.Any(share => share > 0))];
    }

    private static double[] Shares(IReadOnlyList<QualityDay> days, Func<ClassCount, bool> belongs) =>
        [.. days.Select(day => day.Parts == 0 ? 0 : (double)day.Classes.Where(belongs).Sum(row => row.Parts) / day.Parts)];
}
