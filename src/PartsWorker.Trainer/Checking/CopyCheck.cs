namespace PartsWorker.Trainer.Checking;

/// <summary>Files that occur more than once, byte by byte.</summary>
internal static class CopyCheck
{
    public static IEnumerable<Finding> Run(DataSet data)
    {
        var groups = data.Scan.Images.GroupBy(i => i.Sha256, StringComparer.Ordinal).Where(g => g.Count() > 1).ToArray();
        var contradicting = groups.Where(g => g.DistinctBy(i => i.ClassId).Count() > 1).ToArray();
        if (contradicting.Length > 0)
        {
            yield return new(
                Severity.Problem,
                "same-file-in-several-classes",
                $"{contradicting.Length} file(s) are in several classes",
                "At least one of the labels is wrong. Delete the wrong copies.",
                [.. contradicting.Select(g => Item(data, g))]);
        }

        var repeated = groups.Except(contradicting).ToArray();
        if (repeated.Length > 0)
        {
            yield return new(
                Severity.Warning,
                "same-file-twice",
                $"{repeated.Length} file(s) occur more than once in their class",
                "Copies add nothing and make the class look larger than it is. Delete them.",
                [.. repeated.Select(g => Item(data, g))]);
        }
    }

    private static FindingItem Item(DataSet data, IEnumerable<ScannedImage> copies)
    {
        var paths = copies.Select(c => c.Path).ToArray();
        return new(string.Join(" = ", paths.Select(data.Short)), paths);
    }
}
