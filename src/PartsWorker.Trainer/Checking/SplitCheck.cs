using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>Compares a split with another one of the same data.</summary>
internal static class SplitCheck
{
    /// <param name="data">The split that is checked.</param>
    /// <param name="other">The other split.</param>
    /// <param name="name">Name of the other split.</param>
    /// <param name="progress">Receives the number of images compared so far.</param>
    /// <param name="cancel">Stops between two images.</param>
    public static IEnumerable<Finding> Run(
        DataSet data, DataSet other, string name, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var copies = SplitCopies.Find(data.Scan.Images, other.Scan.Images, progress, cancel);
        var contradicting = copies.Where(c => data.Name(c.First.ClassId) != other.Name(c.Second.ClassId)).ToArray();
        if (contradicting.Length > 0)
        {
            yield return new(
                contradicting.Any(c => c.IsSameFile) ? Severity.Problem : Severity.Warning,
                "copies-across-splits-in-other-classes",
                $"{contradicting.Length} image(s) of {name} are copies of images of another class",
                "At least one of the labels is wrong. Correct it, and delete one of the copies.",
                Items(data, other, name, contradicting));
        }

        if (copies.Except(contradicting).ToArray() is { Length: > 0 } leaked)
        {
            yield return new(
                Severity.Warning,
                "copies-across-splits",
                $"{leaked.Length} image(s) of {name} are copies of images that are checked",
                $"A network that was trained on one of them has seen the other, so figures on {name} are too good. Delete one of the "
                    + "copies, or measure with evaluate --without-copies-of.",
                Items(data, other, name, leaked));
        }
    }

    /// <summary>The other splits in the folder of a split: folders that contain folders.</summary>
    /// <param name="path">Folder of the data; a manifest has none.</param>
    /// <param name="split">The split that is checked; null = the data has no splits.</param>
    public static IReadOnlyList<string> Beside(string? path, string? split) =>
        split is null || !Directory.Exists(path) ? []
        : [
            .. Directory.EnumerateDirectories(path)
                .Where(folder => Directory.EnumerateDirectories(folder).Any())
                .Select(folder => Path.GetFileName(folder))
                .Where(folder => folder != Path.TrimEndingDirectorySeparator(split) && !ClassNames.IsHelper(folder))
                .Order(StringComparer.Ordinal),
        ];

    private static FindingItem[] Items(DataSet data, DataSet other, string name, IEnumerable<SplitCopy> copies) =>
    [
        .. copies.OrderByDescending(c => c.Similarity).Select(c => new FindingItem(
            $"{data.Short(c.First.Path)} and {name}: {other.Short(c.Second.Path)}: "
                + (c.IsSameFile ? "the same file" : $"similarity {c.Similarity:0.0000}"),
            c.First.Path,
            c.Second.Path)),
    ];
}
