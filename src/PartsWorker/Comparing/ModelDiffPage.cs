using System.Globalization;
using System.Net;
using System.Text;

namespace PartsWorker.Comparing;

/// <summary>A <see cref="ModelDiff"/> as one self-contained HTML file.</summary>
internal static class ModelDiffPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
        table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:left}
        td.n{text-align:right;font-variant-numeric:tabular-nums}
        .grid{display:flex;flex-wrap:wrap;gap:1rem}.part{width:150px;font-size:12px}
        .part p{overflow-wrap:anywhere}.part img{width:128px;height:128px;background:#000}
        """;

    /// <param name="diff">What to show.</param>
    /// <param name="thumbnail">Maps a URI to a data URI, or to the reason why the image cannot be shown.</param>
    public static async Task<string> WriteAsync(ModelDiff diff, Func<string, Task<(string? DataUri, string? Problem)>> thumbnail)
    {
        var page = new StringBuilder();
        var (a, b) = (Text(diff.ModelA), Text(diff.ModelB));
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><meta charset=utf-8><title>{a} / {b}</title><style>{Style}</style>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{a} against {b}</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>Images captured from {diff.From:u} to {diff.To:u}.</p>\n");
        AddTotals(page, diff);
        AddChanges(page, diff);
        page.Append("<h2>Surest disagreements</h2>\n<div class=grid>\n");
        foreach (var example in diff.Examples)
        {
            AddExample(page, example, await thumbnail(example.Uri));
        }

        return page.Append("</div>\n").ToString();
    }

    private static void AddTotals(StringBuilder page, ModelDiff diff)
    {
        var totals = diff.Totals;
        page.Append("<table>\n");
        foreach (var (name, value) in ModelDiffText.Totals(totals))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(name)}<td class=n>{Text(value)}\n");
        }

        page.Append("</table>\n");
    }

    private static void AddChanges(StringBuilder page, ModelDiff diff)
    {
        page.Append("<h2>What changed to what</h2>\n<table>");
        page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(diff.ModelA)}<th>{Text(diff.ModelB)}<th>images<th>confidence\n");
        foreach (var change in diff.Changes)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Name(change.From)}<td>{Name(change.To)}<td class=n>{change.Images}");
            page.Append(CultureInfo.InvariantCulture, $"<td class=n>{change.ConfidenceFrom:0.00} &rarr; {change.ConfidenceTo:0.00}\n");
        }

        page.Append("</table>\n");
    }

    private static void AddExample(StringBuilder page, DiffExample example, (string? DataUri, string? Problem) thumbnail)
    {
        var image = thumbnail.DataUri is { } data ? $"<img src=\"{data}\" alt=\"\">" : $"<p>no image: {Text(thumbnail.Problem ?? "")}</p>";
        page.Append(CultureInfo.InvariantCulture, $"<div class=part>{image}<br>{Name(example.ClassA)} {example.ConfidenceA:0.00}");
        page.Append(CultureInfo.InvariantCulture, $"<br>&rarr; {Name(example.ClassB)} {example.ConfidenceB:0.00}");
        page.Append(CultureInfo.InvariantCulture, $"<br><code>{example.ImageId}</code></div>\n");
    }

    private static string Name(string? className) => className is null ? "<i>unknown</i>" : Text(className);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
