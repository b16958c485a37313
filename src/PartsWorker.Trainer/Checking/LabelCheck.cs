using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>Labels that contradict each other, and colors and shapes that no class has.</summary>
internal static class LabelCheck
{
    private const string ProposeHint = ", or train without it and with --propose-colors";

    public static IEnumerable<Finding> Run(LabelSet labels)
    {
        var sameName = labels.Classes.GroupBy(c => c.Name.Trim().ToUpperInvariant()).Where(g => g.Count() > 1).ToArray();
        var known = sameName.SelectMany(g => g).ToHashSet();
        var alike = labels.Classes.Where(c => !known.Contains(c))
            .GroupBy(c => (Letters(c.Name), c.Color, c.Shape))
            .Where(g => g.Count() > 1)
            .ToArray();
        Finding?[] findings =
        [
            Of(
                Severity.Problem, "same-name", sameName.Select(g => Names(g, labels)), "names are used by several classes",
                "The names differ only in case or spaces. Merge the classes, or give them different names."),
            Of(
                Severity.Problem, "same-part", alike.Select(g => Names(g, labels)), "parts have several classes",
                "The names differ only in case, spaces or punctuation, and color and shape are equal. Merge the classes."),
            Unused("color", labels.Colors, labels.Classes.Select(c => c.Color)),
            Unused("shape", labels.Shapes, labels.Classes.Select(c => c.Shape)),
            Unspecified("color", labels.Colors),
            Unspecified("shape", labels.Shapes),
        ];
        return findings.OfType<Finding>();
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static string Names(IEnumerable<PartClass> group, LabelSet labels) =>
        string.Join(" and ", group.Select(c => $"\"{c.Name}\" ({labels.Colors[c.Color]}, {labels.Shapes[c.Shape]})"));

    private static Finding? Unused(string what, IReadOnlyList<string> names, IEnumerable<int> used)
    {
        var unused = Enumerable.Range(0, names.Count).Except(used).Select(i => names[i]);
        return Of(
            Severity.Warning, $"unused-{what}s", unused, $"{what}(s) belong to no class",
            $"The meta model gets an output that no image teaches. Remove the {what} from the labels, or correct the classes.");
    }

    private static Finding? Unspecified(string what, IReadOnlyList<string> names) => NewLabels.IsSpecified(names) ? null : new(
        Severity.Warning, $"no-{what}s", $"the labels name no {what}s",
        $"The meta model learns no {what}s, and answers name none. Add them to labels.json"
            + $"{(what == "color" ? ProposeHint : string.Empty)}.",
        []);

    private static Finding? Of(Severity severity, string kind, IEnumerable<string> items, string what, string meaning)
    {
        var listed = items.Select(i => new FindingItem(i)).ToArray();
        return listed.Length == 0 ? null : new(severity, kind, $"{listed.Length} {what}", meaning, listed);
    }
}
