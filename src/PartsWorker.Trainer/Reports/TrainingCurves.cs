using System.Globalization;
using System.Text;

namespace PartsWorker.Trainer.Reports;

/// <summary>Curves of loss and accuracy from the CSV logs of a run.</summary>
internal static class TrainingCurves
{
    private const int Width = 440;
    private const int Height = 200;
    private const int Points = 300;

    public static string Of(string runFolder)
    {
        var html = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(runFolder, "stage*.csv").Order(StringComparer.Ordinal))
        {
            var rows = File.ReadAllLines(file).Select(l => l.Split(',')).ToArray();
            html.Append($"<h2>Training, {Path.GetFileNameWithoutExtension(file)}</h2>");
            html.Append(Chart("loss", Column(rows, "loss"), Column(rows, "val_loss")));
            html.Append(Chart("accuracy", Column(rows, "accuracy"), Column(rows, "val_top1")));
        }

        return html.ToString();
    }

    private static (double Step, double Value)[] Column(string[][] rows, string name)
    {
        var (step, at) = (Array.IndexOf(rows[0], "step"), Array.IndexOf(rows[0], name));
        return at < 0 || step < 0
            ? []
            : [.. rows.Skip(1)
                .Where(r => r.Length > at && r[at].Length > 0)
                .Select(r => (Number(r[step]), Number(r[at])))
                .Where(p => double.IsFinite(p.Item2))];
    }

    private static double Number(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static string Chart(string name, (double Step, double Value)[] training, (double Step, double Value)[] validation)
    {
        var all = training.Concat(validation).ToArray();
        if (all.Length == 0)
        {
            return string.Empty;
        }

        var (last, top) = (all.Max(p => p.Step), Math.Max(all.Max(p => p.Value), 1e-6));
        string Line((double Step, double Value)[] points, string color) => points.Length == 0
            ? string.Empty
            : $"<polyline fill=none stroke='{color}' stroke-width=1.6 points='"
                + string.Join(' ', Thin(points).Select(p => $"{p.Step / last * Width:0.0},{Height - (p.Value / top * Height):0.0}"))
                + "' />";
        return $"<svg width={Width + 60} height={Height + 50}><g transform='translate(44 14)'>"
            + $"<path d='M0 0V{Height}H{Width}' stroke='#8a96a3' fill=none />"
            + $"{Line(training, "#2f7dd1")}{Line(validation, "#b3372b")}"
            + $"<text x=-40 y=8>{top:0.##}</text><text x=-14 y={Height}>0</text>"
            + $"<text x={Width - 60} y={Height + 16}>step {last:0}</text>"
            + $"<text x=8 y={Height + 28}>{name}: training blue, validation red</text></g></svg>";
    }

    /// <summary>Averages neighboring points, so that the page of a long run stays small.</summary>
    private static IEnumerable<(double Step, double Value)> Thin((double Step, double Value)[] points) =>
        points.Chunk(Math.Max(1, points.Length / Points)).Select(c => (c.Average(p => p.Step), c.Average(p => p.Value)));
}
