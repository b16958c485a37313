using System.Text;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>The classes with the lowest accuracy, with examples of correct and wrong answers.</summary>
internal static class ConfusionTable
{
    private const int Images = 6;
    private const int LargestFile = 400_000;

    public static string Of(IReadOnlyList<ClassifiedImage> images, LabelSet labels, int classes)
    {
        var worst = ClassReliability.Of(images, labels).Where(l => l.Accuracy < 1).Take(classes).ToArray();
        if (worst.Length == 0)
        {
            return "<p>Every answer is correct.</p>";
        }

        var byClass = images.ToLookup(p => p.TrueClass);
        var rows = worst.Select(
            line =>
                $"<tr><td><b>{HtmlPage.Text(line.Name)}</b><br>{line.Accuracy:P0} of "
                    + $"{line.Images}<td>{Counts(byClass[line.ClassId], labels)}<td>{Thumbnails(byClass[line.ClassId], labels)}");
        return $"<table><tr><th>class<th>answers<th>images{string.Concat(rows)}</table>";
    }

    private static string Counts(IEnumerable<ClassifiedImage> images, LabelSet labels) =>
        string.Join(
            "<br>",
            images.CountBy(p => p.Answer)
                .OrderByDescending(p => p.Value)
                .Take(5)
                .Select(p => $"{p.Value} &times; {HtmlPage.Text(labels.Classes[p.Key].Name)}"));

    private static string Thumbnails(IEnumerable<ClassifiedImage> images, LabelSet labels)
    {
        var html = new StringBuilder();
        foreach (var image in images.OrderBy(p => p.Right).ThenByDescending(p => p.Verdict.Confidence).Take(Images))
        {
            if (DataUri(image.Path) is { } uri)
            {
                html.Append($"<figure><img src='{uri}' alt=''><span class={(image.Right ? "hit" : "miss")}>");
                html.Append($"{HtmlPage.Text(labels.Classes[image.Answer].Name)} {image.Verdict.Confidence:P0}</span></figure>");
            }
        }

        return html.ToString();
    }

    /// <summary>The image as a data URI; null for large files, which would make the page too heavy.</summary>
    private static string? DataUri(string path)
    {
        var kind = Path.GetExtension(path).ToUpperInvariant() switch { ".PNG" => "png", ".WEBP" => "webp", ".BMP" => "bmp", _ => "jpeg" };
        return new FileInfo(path) is { Exists: true, Length: < LargestFile }
            ? $"data:image/{kind};base64,{Convert.ToBase64String(File.ReadAllBytes(path))}"
            : null;
    }
}
