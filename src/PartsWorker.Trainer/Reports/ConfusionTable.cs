using System.Text;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>The classes with the lowest accuracy, with examples of correct and wrong answers.</summary>
internal static class ConfusionTable
{
    private const int Images = 6;

    public static string Of(IReadOnlyList<ClassifiedImage> images, LabelSet labels, int classes)
    {
        var worst = ClassReliability.Of(images, labels).Where(l => l.Accuracy < 1).Take(classes).ToArray();
        if (worst.Length == 0)
        {
            return "<p>Every answer is correct.</p>";
        }

        using var thumbnails = new Thumbnails();
        var byClass = images.ToLookup(p => p.TrueClass);
        var rows = worst.Select(
            line =>
                $"<tr><td><b>{HtmlPage.Text(line.Name)}</b><br>{line.Accuracy:P0} of "
                    + $"{line.Images}<td>{Counts(byClass[line.ClassId], labels)}<td>{Examples(byClass[line.ClassId], labels, thumbnails)}");
        return $"<table><tr><th>class<th>answers<th>images{string.Concat(rows)}</table>";
    }

    private static string Counts(IEnumerable<ClassifiedImage> images, LabelSet labels) =>
        string.Join(
            "<br>",
            images.CountBy(p => p.Answer)
                .OrderByDescending(p => p.Value)
                .Take(5)
                .Select(p => $"{p.Value} &times; {HtmlPage.Text(labels.Classes[p.Key].Name)}"));

    private static string Examples(IEnumerable<ClassifiedImage> images, LabelSet labels, Thumbnails thumbnails)
    {
        var html = new StringBuilder();
        foreach (var image in images.OrderBy(p => p.Right).ThenByDescending(p => p.Verdict.Confidence).Take(Images))
        {
            if (thumbnails.DataUri(image.Path) is { } uri)
            {
                html.Append($"<figure><img src='{uri}' alt=''><span class={(image.Right ? "hit" : "miss")}>");
                html.Append($"{HtmlPage.Text(labels.Classes[image.Answer].Name)} {image.Verdict.Confidence:P0}</span></figure>");
            }
        }

        return html.ToString();
    }
}
