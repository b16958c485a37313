using PartsWorker.Trainer.Checking;
using Spectre.Console;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints the result of <c>check-data</c> as tables.</summary>
internal static class CheckTable
{
    private const int Named = 5;
    private const int ListedPairs = 20;
    private const int RedirectedWidth = 160;

    public static void Print(DataReport report, bool perClass)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        Console.WriteLine(
            $"{report.Data}: {report.Images} images of {report.Classes} classes"
                + (report.Unreadable > 0 ? $", {report.Unreadable} unreadable" : string.Empty));
        PrintFindings(report.Findings);
        if (perClass)
        {
            PrintClasses(report.PerClass);
        }

        if (report.Labels is { } labels)
        {
            PrintLabels(labels);
        }
    }

    private static void PrintFindings(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            Console.WriteLine("no problems found");
            return;
        }

        var table = New("", "found", "examples");
        foreach (var finding in findings)
        {
            var items = finding.Items.Take(Named).Select(i => i.Text).ToList();
            if (finding.Items.Count > Named)
            {
                items.Add($"and {finding.Items.Count - Named} more (--json or --html lists them)");
            }

            table.AddRow(
                finding.Severity == Severity.Problem ? "[red]problem[/]" : "[yellow]warning[/]",
                $"{Markup.Escape(finding.Text)}\n[dim]{Markup.Escape(finding.Meaning)}[/]",
                Markup.Escape(string.Join('\n', items)));
        }

        AnsiConsole.Write(table);
    }

    private static void PrintClasses(IReadOnlyList<ClassFacts> classes)
    {
        var table = New("class", "color", "shape", "images", "readable", "scenes");
        foreach (var c in classes.OrderBy(c => c.Readable).ThenBy(c => c.Name, StringComparer.Ordinal))
        {
            Add(table, c.Name, c.Color, c.Shape, $"{c.Images}", $"{c.Readable}", $"{c.Scenes}");
        }

        AnsiConsole.Write(table);
    }

    private static void PrintLabels(LabelReport labels)
    {
        Console.WriteLine(
            $"{string.Join(", ", labels.Models)}: {labels.Recall:P1} of {labels.Checked} images are classified as labeled, by the other "
                + $"images; {labels.SuspectCount} label suspect(s)");
        var suspects = New("image", "label", "probably", "confidence");
        foreach (var s in labels.Suspects)
        {
            Add(suspects, s.Path, s.Given, s.Suggested, $"{s.Confidence:0.00}");
        }

        var pairs = New("confused classes", "", "first as second", "second as first");
        foreach (var p in labels.Confusions.Take(ListedPairs))
        {
            Add(pairs, p.A, p.B, $"{p.AsB}", $"{p.AsA}");
        }

        foreach (var table in new[] { suspects, pairs }.Where(t => t.Rows.Count > 0))
        {
            AnsiConsole.Write(table);
        }

        PrintNeeds(labels.Needs);
    }

    /// <summary>Classes that more images would help, and the hardest of those that they would not.</summary>
    private static void PrintNeeds(IReadOnlyList<LearningNeed> needs)
    {
        var helped = needs.Where(n => n.Helps).ToArray();
        var flat = needs.Where(n => !n.Helps).OrderBy(n => n.Recall[^1]).ToArray();
        foreach (var need in helped.Take(ListedPairs).Concat(flat.Take(Named)))
        {
            Console.WriteLine($"  {need.Text}");
        }

        var more = Math.Max(0, helped.Length - ListedPairs);
        if (more > 0 || flat.Length > Named)
        {
            Console.WriteLine(
                $"  not listed: {more} class(es) with a gain, {Math.Max(0, flat.Length - Named)} without (--json or --html lists them)");
        }
    }

    private static Table New(params string[] columns) => new Table().Border(TableBorder.Minimal).AddColumns(columns);

    private static void Add(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
