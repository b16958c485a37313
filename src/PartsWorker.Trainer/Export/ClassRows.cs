namespace PartsWorker.Trainer.Export;

/// <summary>The gallery rows of each class, as a matrix with the same number of rows for each class.</summary>
/// <param name="Classes">Number of classes with at least one row.</param>
/// <param name="PerClass">Rows of the class with the most rows.</param>
/// <param name="Rows">
/// Classes * PerClass row numbers, class by class in order of the class ids; a class with fewer rows repeats its last.
/// </param>
internal sealed record ClassRows(int Classes, int PerClass, int[] Rows)
{
    /// <param name="classes">Class of each gallery row.</param>
    public static ClassRows Of(IReadOnlyList<int> classes)
    {
        var byClass = Enumerable.Range(0, classes.Count).GroupBy(row => classes[row]).OrderBy(g => g.Key).Select(g => g.ToArray());
        int[][] rowsOf = [.. byClass];
        var perClass = rowsOf.Max(rows => rows.Length);
        int[] Padded(int[] rows) => [.. rows, .. Enumerable.Repeat(rows[^1], perClass - rows.Length)];
        return new(rowsOf.Length, perClass, [.. rowsOf.SelectMany(Padded)]);
    }
}
