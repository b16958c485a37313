using System.Text;
using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Reports;

/// <summary>Label suspects beside their most similar images, confused classes, and the need for further images.</summary>
internal static class SuspectSections
{
    private const int ListedPairs = 40;

    public static string Of(LabelReport labels, Thumbnails thumbnails)
    {
        var html = new StringBuilder($"<h2>Label suspects: {labels.Suspects.Count} of {labels.SuspectCount}</h2>");
        html.Append(
            $"<p>{HtmlPage.Text(string.Join(", ", labels.Models))}, highest loss first. Each image is compared with the other "
            + "images of the data set. Bundles that were trained on these labels have partly learned the wrong ones.</p>");
        html.Append("<table><tr><th>image<th>label<th>probably<th>most similar with that label<th>most similar with its own label");
        html.AppendJoin(string.Empty, labels.Suspects.Select(s => Row(s, thumbnails))).Append("</table>");
        html.Append("<h2>Confused classes</h2>").Append(Pairs(labels.Confusions));
        html.Append("<h2>Need for images</h2>").Append(Needs(labels.Needs));
        return html.ToString();
    }

    private static string Row(LabelSuspect suspect, Thumbnails thumbnails) =>
        $"<tr><td>{thumbnails.Figure(suspect.Path, Path.GetFileName(suspect.Path))}<td>{HtmlPage.Text(suspect.Given)}"
        + $"<td>{HtmlPage.Text(suspect.Suggested)}<br>{suspect.Confidence:P0}"
        + $"<td>{Figures(suspect.NearestSuggested, "hit", thumbnails)}<td>{Figures(suspect.NearestGiven, "miss", thumbnails)}";

    private static string Figures(IReadOnlyList<string> paths, string style, Thumbnails thumbnails) =>
        string.Concat(paths.Select(p => thumbnails.Figure(p, Path.GetFileName(p), style)));

    private static string Pairs(IReadOnlyList<ConfusedPair> pairs) => Table(
        "<th>class A<th>class B<th>A as B<th>B as A",
        pairs.Take(ListedPairs).Select(
            p => $"<tr><td>{HtmlPage.Text(p.A)}<td>{HtmlPage.Text(p.B)}<td class=n>{p.AsB}<td class=n>{p.AsA}"));

    private static string Needs(IReadOnlyList<LearningNeed> needs) => Table(
        "<th>class<th>images<th>recall at 25 %<th>50 %<th>100 %<th>estimate",
        needs.Select(n => $"<tr><td>{HtmlPage.Text(n.Name)}<td class=n>{n.Images}"
            + $"{string.Concat(n.Recall.Select(r => $"<td class=n>{r:0.00}"))}<td>{HtmlPage.Text(n.Text)}"));

    private static string Table(string head, IEnumerable<string> rows) => $"<table><tr>{head}{string.Concat(rows)}</table>";
}
