using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// A data set as a CSV file: header <c>path,class[,split]</c> in any order; other columns are ignored. Paths are relative to the
/// manifest. A column <c>file</c> instead of <c>path</c> contains file names inside <c>[split/]class/</c>. Separated by commas, semicolons
/// or tabs, as Excel writes it in any country, quoted or not, in UTF-8 with or without byte order mark.
/// </summary>
internal static class CsvManifest
{
    private static readonly CsvConfiguration Dialect = new(CultureInfo.InvariantCulture)
    {
        DetectDelimiter = true,
        DetectDelimiterValues = [",", ";", "\t"],
        TrimOptions = TrimOptions.Trim,
        MaxFieldSize = 1 << 16,
    };

    public static DataFolder Open(string file, string? split, string? labelsPath, bool withoutLabels)
    {
        var lines = Read(file);
        var columns = Columns.Of(file, lines);
        if (split is not null && columns.Split < 0)
        {
            throw new UserErrorException($"{file}: has no column \"split\"; add it, or leave out --split {split}");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var rows = lines.Skip(1).Select(line => columns.Row(file, line)).ToList();
        var names = rows.Select(r => r.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var given = LabelFile.Find(folder, labelsPath, names);
        var labels = given ?? (withoutLabels ? NewLabels.Of(names) : throw LabelFile.Missing(folder));
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = rows.Where(r => split is null || r.Split == split).Select(r => new LabeledImage(
            Find(folder, r.Path),
            ids.TryGetValue(r.Class, out var id) ? id : throw new UserErrorException($"{file}: class \"{r.Class}\" is not in the labels")));
        return new(file, labels, [.. images]) { HasLabels = given is not null };
    }

    private static List<Line> Read(string file)
    {
        try
        {
            using var text = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            using var parser = new CsvParser(text, Dialect);
            var lines = new List<Line>();
            while (parser.Read())
            {
                // Excel can write the separator into a line before the header.
                if (lines.Count > 0 || !parser.Record![0].StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
                {
                    lines.Add(new(parser.RawRow, parser.Record!));
                }
            }

            return lines;
        }
        catch (DecoderFallbackException error)
        {
            throw new UserErrorException($"{file}: is not UTF-8; in Excel, save it as \"CSV UTF-8\"", inner: error);
        }
        catch (CsvHelperException error)
        {
            var line = error.Context?.Parser?.RawRow ?? 1;
            throw new UserErrorException($"{file}: line {line} is not valid CSV; look for a quote without its pair", inner: error);
        }
    }

    /// <summary>The path as this system spells it: backslashes of Windows and decomposed names of a Mac also find their file.</summary>
    private static string Find(string folder, string path)
    {
        var slashes = path.Replace('\\', '/');
        string[] spellings = [path, slashes, ClassNames.Normalized(slashes), ClassNames.Decomposed(slashes)];
        return spellings.Select(spelling => Path.Combine(folder, spelling)).FirstOrDefault(File.Exists) ?? Path.Combine(folder, slashes);
    }

    private sealed record Line(int Number, string[] Cells);

    private sealed record Row(string Path, string Class, string? Split);

    /// <summary>Positions of the columns; -1 = absent.</summary>
    private sealed record Columns(int Count, int Path, int File, int Class, int Split)
    {
        public static Columns Of(string file, List<Line> lines)
        {
            var header = lines.Count == 0 ? [] : lines[0].Cells;
            var columns = new Columns(header.Length, At("path"), At("file"), At("class"), At("split"));
            return (columns.Path < 0 && columns.File < 0) || columns.Class < 0
                ? throw new UserErrorException($"{file}: the header needs the columns path (or file) and class")
                : columns;

            int At(string name) => Array.FindIndex(header, cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        public Row Row(string file, Line line)
        {
            var cells = line.Cells;
            if (cells.Length != Count)
            {
                throw new UserErrorException($"{file}: line {line.Number} has {cells.Length} fields, the header has {Count}");
            }

            var split = Split >= 0 ? cells[Split] : null;
            var path = Path >= 0 ? cells[Path] : System.IO.Path.Combine(split ?? string.Empty, cells[Class], cells[File]);
            return new(path, ClassNames.Normalized(cells[Class]), split);
        }
    }
}
