using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// A labeled data set for training or evaluation: labels, and images with their classes in a fixed order. Either a folder with one folder
/// per class, or a CSV manifest with one image per line. The label file is in the data folder or in its parent.
/// </summary>
internal sealed record DataFolder(string Path, LabelSet Labels, IReadOnlyList<LabeledImage> Images)
{
    private static readonly string[] Extensions =
        [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".pnm", ".pbm", ".pgm", ".ppm"];

    /// <param name="path">Folder or CSV manifest.</param>
    /// <param name="split">Subfolder (or value of the manifest's split column) to take, such as <c>train</c>.</param>
    /// <param name="labelsPath">labels.json or cs_label.json; null = the one in the folder or in its parent.</param>
    /// <param name="everyClass">Whether each class of the labels must have images, as training requires.</param>
    public static DataFolder Open(string path, string? split = null, string? labelsPath = null, bool everyClass = true)
    {
        if (File.Exists(path) && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            return Check(CsvManifest.Open(path, split, labelsPath), everyClass);
        }

        var root = split is null ? path : System.IO.Path.Combine(path, split);
        if (!Directory.Exists(root))
        {
            throw new UserErrorException($"{root}: no such folder; --data expects a folder with one folder per class, or a CSV manifest");
        }

        var names = ClassFolders(root);
        if (names.Count == 0)
        {
            throw new UserErrorException($"{root}: contains no class folders{SplitHint(root)}");
        }

        var labels = LabelFile.Find(root, labelsPath, names);
        return Check(new(root, labels, [.. Scan(root, names, labels)]), everyClass);
    }

    /// <summary>The images of the other classes. The labels, and so the ids, stay the same.</summary>
    public DataFolder Without(IReadOnlySet<int> classes) => this with { Images = [.. Images.Where(i => !classes.Contains(i.ClassId))] };

    /// <summary>The images of these classes.</summary>
    public DataFolder Only(IReadOnlySet<int> classes) => this with { Images = [.. Images.Where(i => classes.Contains(i.ClassId))] };

    private static List<string> ClassFolders(string root) =>
    [
        .. Directory.EnumerateDirectories(root)
            .Select(d => System.IO.Path.GetFileName(d)!)
            .Where(n => n[0] != '.')
            .Order(StringComparer.Ordinal),
    ];

    private static string SplitHint(string root) =>
        Directory.EnumerateFiles(root).Any() ? "; put the images of each class into their own folder" : string.Empty;

    private static IEnumerable<LabeledImage> Scan(string root, List<string> names, LabelSet labels)
    {
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var unlabeled = names.Where(n => !ids.ContainsKey(n)).ToArray();
        if (unlabeled.Length > 0)
        {
            var more = unlabeled.Length > 1 ? $" (also unlabeled: {string.Join(", ", unlabeled.Skip(1))})" : string.Empty;
            throw new UserErrorException(
                $"{System.IO.Path.Combine(root, unlabeled[0])}: this class is not in the labels; "
                    + $"add \"{unlabeled[0]}\" to them or remove the folder{TopHint(unlabeled[0])}{more}");
        }

        return names.SelectMany(
            name => Directory.EnumerateFiles(System.IO.Path.Combine(root, name))
                .Where(IsImage)
                .Order(StringComparer.Ordinal)
                .Select(file => new LabeledImage(file, ids[name])));
    }

    private static string TopHint(string name) =>
        name is "train" or "test" or "val" ? $" (or pass --split {name})" : string.Empty;

    internal static bool IsImage(string file) => Extensions.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="UserErrorException">There are no images, or a class has none and <paramref name="everyClass"/> is set.</exception>
    internal static DataFolder Check(DataFolder data, bool everyClass)
    {
        if (data.Images.Count == 0)
        {
            throw new UserErrorException($"{data.Path}: contains no images ({string.Join(", ", Extensions)})");
        }

        var seen = data.Images.Select(i => i.ClassId).ToHashSet();
        var missing = data.Labels.Classes.Where(c => !seen.Contains(c.Id)).ToList();
        if (everyClass && missing.Count > 0)
        {
            var more = missing.Count > 1 ? $" and {missing.Count - 1} more" : string.Empty;
            throw new UserErrorException(
                $"{data.Path}: class \"{missing[0].Name}\"{more} of the labels has no images; add a folder with images, "
                    + $"or remove it from the labels");
        }

        return data;
    }
}
