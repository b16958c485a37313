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
    /// <param name="withoutLabels">Whether data without a label file is accepted; see <see cref="HasLabels"/>.</param>
    public static DataFolder Open(
        string path, string? split = null, string? labelsPath = null, bool everyClass = true, bool withoutLabels = false)
    {
        if (File.Exists(path) && path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            return Check(CsvManifest.Open(path, split, labelsPath, withoutLabels), everyClass);
        }

        var root = split is null ? path : System.IO.Path.Combine(path, split);
        if (!Directory.Exists(root))
        {
            throw new UserErrorException($"{root}: no such folder; --data expects a folder with one folder per class, or a CSV manifest");
        }

        var folders = ClassFolders(root);
        if (folders.Length == 0)
        {
            throw new UserErrorException($"{root}: contains no class folders{SplitHint(root)}");
        }

        string[] names = [.. folders.Select(NameOf).Distinct(StringComparer.Ordinal)];
        var given = LabelFile.Find(root, labelsPath, names);
        var labels = given ?? (withoutLabels ? NewLabels.Of(names) : throw LabelFile.Missing(root));
        return Check(new(root, labels, [.. Scan(folders, labels)]) { HasLabels = given is not null }, everyClass);
    }

    /// <summary>False when no label file was found, and colors and shapes are therefore unspecified.</summary>
    public bool HasLabels { get; init; } = true;

    /// <summary>The images of the other classes. The labels, and so the ids, stay the same.</summary>
    public DataFolder Without(IReadOnlySet<int> classes) => this with { Images = [.. Images.Where(i => !classes.Contains(i.ClassId))] };

    /// <summary>The images of these classes.</summary>
    public DataFolder Only(IReadOnlySet<int> classes) => this with { Images = [.. Images.Where(i => classes.Contains(i.ClassId))] };

    private static string[] ClassFolders(string root) =>
    [
        .. Directory.EnumerateDirectories(root)
            .Where(folder => !ClassNames.IsHelper(System.IO.Path.GetFileName(folder)))
            .OrderBy(NameOf, StringComparer.Ordinal),
    ];

    private static string NameOf(string folder) => ClassNames.Normalized(System.IO.Path.GetFileName(folder));

    private static string SplitHint(string root) =>
        Directory.EnumerateFiles(root).Any() ? "; put the images of each class into their own folder" : string.Empty;

    private static IEnumerable<LabeledImage> Scan(string[] folders, LabelSet labels)
    {
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var unlabeled = folders.Where(folder => !ids.ContainsKey(NameOf(folder))).ToArray();
        if (unlabeled.Length > 0)
        {
            var name = NameOf(unlabeled[0]);
            var more = unlabeled.Length > 1 ? $" (also unlabeled: {string.Join(", ", unlabeled.Skip(1).Select(NameOf))})" : string.Empty;
            throw new UserErrorException(
                $"{unlabeled[0]}: this class is not in the labels; add \"{name}\" to them or remove the folder{TopHint(name)}{more}");
        }

        return folders.Select(folder => (Folder: folder, Id: ids[NameOf(folder)])).SelectMany(one => Directory.EnumerateFiles(one.Folder)
            .Where(IsImage)
            .Order(StringComparer.Ordinal)
            .Select(file => new LabeledImage(file, one.Id)));
    }

    private static string TopHint(string name) =>
        name is "train" or "test" or "val" ? $" (or pass --split {name})" : string.Empty;

    internal static bool IsImage(string file) =>
        Extensions.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
        && !ClassNames.IsHelper(System.IO.Path.GetFileName(file));

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
