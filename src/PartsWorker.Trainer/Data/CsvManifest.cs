namespace PartsWorker.Trainer.Data;

/// <summary>
/// A data set as a CSV file: header <c>path,class[,split]</c> in any order; other columns are ignored. Paths are relative to the
/// manifest. A column <c>file</c> instead of <c>path</c> contains file names inside <c>[split/]class/</c>. Fields must not contain commas
/// or quotes.
/// </summary>
internal static class CsvManifest
{
    public static DataFolder Open(string file, string? split, string? labelsPath)
    {
        var lines = File.ReadAllLines(file);
        var header = lines.Length == 0 ? [] : lines[0].Split(',', StringSplitOptions.TrimEntries);
        var (path, name, part) = (Array.IndexOf(header, "path"), Array.IndexOf(header, "class"), Array.IndexOf(header, "split"));
        var bare = path < 0 ? Array.IndexOf(header, "file") : -1;
        if ((path < 0 && bare < 0) || name < 0)
        {
            throw new UserErrorException($"{file}: the header needs the columns path (or file) and class");
        }

        if (split is not null && part < 0)
        {
            throw new UserErrorException($"{file}: has no column \"split\"; add it, or leave out --split {split}");
        }

        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!;
        var rows = lines.Skip(1).Select((line, i) => Cells(file, line, i + 2, header.Length)).Where(c => c.Length > 0).ToList();
        var names = rows.Select(r => r[name]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var labels = LabelFile.Find(folder, labelsPath, names);
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = rows.Where(r => split is null || r[part] == split).Select(r => new LabeledImage(
            System.IO.Path.Combine(
                folder, path >= 0 ? r[path] : System.IO.Path.Combine(part >= 0 ? r[part] : string.Empty, r[name], r[bare])),
            ids.TryGetValue(r[name], out var id) ? id : throw new UserErrorException($"{file}: class \"{r[name]}\" is not in the labels")));
        return new(file, labels, [.. images]);
    }

    private static string[] Cells(string file, string line, int number, int columns)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return [];
        }

        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        return cells.Length == columns
            ? cells
            : throw new UserErrorException($"{file}: line {number} has {cells.Length} fields, the header has {columns}");
    }
}
