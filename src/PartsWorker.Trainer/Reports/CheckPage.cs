using System.Text;
using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Reports;

/// <summary>The result of <c>check-data</c> as one HTML page that loads nothing from elsewhere.</summary>
internal static class CheckPage
{
    private const int ListedItems = 200;
    private const int ShownItems = 12;
    private const int ImagesPerItem = 4;

    public static void Write(string file, DataReport report)
    {
        using var thumbnails = new Thumbnails();
        var page = new StringBuilder(HtmlPage.Head($"{report.Data}: {report.Images} images of {report.Classes} classes"));
        page.Append(Tiles(report));
        foreach (var finding in report.Findings)
        {
            page.Append(Section(finding, thumbnails));
        }

        if (report.Labels is { } labels)
        {
            page.Append(SuspectSections.Of(labels, thumbnails));
        }

        page.Append("<h2>All classes</h2>").Append(Classes(report.PerClass)).Append("</main></body></html>\n");
        File.WriteAllText(file, page.ToString());
    }

    private static string Tiles(DataReport report)
    {
        var tiles = new List<(string Name, string Value)>
        {
            ("images", $"{report.Images}"),
            ("unreadable", $"{report.Unreadable}"),
            ("classes", $"{report.Classes}"),
            ("problems", $"{report.Findings.Count(f => f.Severity == Severity.Problem)}"),
            ("warnings", $"{report.Findings.Count(f => f.Severity == Severity.Warning)}"),
        };
        if (report.Labels is { } labels)
        {
            tiles.Add(("label suspects", $"{labels.SuspectCount}"));
            tiles.Add(("classified as labeled", $"{labels.Recall:P1}"));
        }

        return $"<div class=tiles>{string.Concat(tiles.Select(t => $"<div><b>{t.Value}</b><span>{t.Name}</span></div>"))}</div>";
    }

    private static string Section(Finding finding, Thumbnails thumbnails)
    {
        var severity = finding.Severity == Severity.Problem ? "<span class=miss>problem</span>" : "warning";
        var html = new StringBuilder($"<h2>{HtmlPage.Text(finding.Text)} ({severity})</h2><p>{HtmlPage.Text(finding.Meaning)}</p><ul>");
        foreach (var (number, item) in finding.Items.Take(ListedItems).Index())
        {
            html.Append($"<li>{HtmlPage.Text(item.Text)}<br>");
            var shown = number < ShownItems ? item.Images.Take(ImagesPerItem) : [];
            html.Append(string.Concat(shown.Select(path => thumbnails.Figure(path, Path.GetFileName(path)))));
        }

        html.Append("</ul>");
        return finding.Items.Count > ListedItems
            ? html.Append($"<p>and {finding.Items.Count - ListedItems} more (--json lists them)</p>").ToString()
            : html.ToString();
    }

    private static string Classes(IReadOnlyList<ClassFacts> classes)
    {
        var rows = classes.OrderBy(c => c.Readable).ThenBy(c => c.Name, StringComparer.Ordinal).Select(c =>
            $"<tr><td>{HtmlPage.Text(c.Name)}<td>{HtmlPage.Text(c.Color)}<td>{HtmlPage.Text(c.Shape)}"
            + $"<td class=n>{c.Images}<td class=n>{c.Readable}<td class=n>{c.Scenes}");
        return $"<table><tr><th>class<th>color<th>shape<th>images<th>readable<th>scenes{string.Concat(rows)}</table>";
    }
}
