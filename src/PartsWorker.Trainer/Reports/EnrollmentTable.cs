using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints how well a class that is about to be enrolled separates, and which classes it endangers.</summary>
internal static class EnrollmentTable
{
    private const int Listed = 3;

    public static void Print(EnrollmentReport report, TextWriter output)
    {
        output.WriteLine($"{report.Name}: {report.Photos} photos{(report.Known ? " for a class that the bundle has" : string.Empty)}");
        foreach (var (name, value) in Rows(report))
        {
            output.WriteLine($"  {name,-36}{value}");
        }
    }

    private static IEnumerable<(string Name, string Value)> Rows(EnrollmentReport report)
    {
        var left = report.LeftOut;
        yield return ("recognized from the other photos", left.Count == 0 ? "not measurable" : Recognized(report));
        if (left.Count > 0)
        {
            yield return ("similarity to the other photos", $"{left.Average(p => p.Similarity):0.00}");
        }

        yield return ("nearest classes", string.Join(", ", report.Nearest.Select(c => $"{c.Name} {c.Similarity:0.00}")));
        yield return ($"color {report.Color.Given}", Predicted(report.Color, report.Photos));
        yield return ($"shape {report.Shape.Given}", Predicted(report.Shape, report.Photos));
        yield return ("would answer for", Endangered(report.Endangered));
    }

    private static string Recognized(EnrollmentReport report)
    {
        var mistaken = report.LeftOut.Where(p => !p.Right).CountBy(p => p.Answer).OrderByDescending(a => a.Value).ToArray();
        var others = mistaken.Length == 0
            ? string.Empty
            : $"; the others as {string.Join(", ", mistaken.Take(Listed).Select(a => $"{a.Key} ({a.Value})"))}";
        return $"{report.Recognized} of {report.LeftOut.Count} ({report.LeftOut.Count(p => p.Accepted)} accepted){others}";
    }

    private static string Predicted(AttributeAgreement attribute, int photos) =>
        $"predicted for {attribute.Agree} of {photos}"
            + (attribute.Agree < attribute.Count ? $", {attribute.Predicted} for {attribute.Count}" : string.Empty);

    private static string Endangered(IReadOnlyList<EndangeredClass> classes)
    {
        if (classes.Count == 0)
        {
            return "no gallery row and no golden image of another class";
        }

        var text = string.Join("; ", classes.Take(Listed).Select(
            c => $"{c.LostRows} of {c.Rows} gallery rows and {c.LostGolden} of {c.Golden} golden images of {c.Name}"));
        return classes.Count > Listed ? $"{text}; and {classes.Count - Listed} more classes" : text;
    }
}
