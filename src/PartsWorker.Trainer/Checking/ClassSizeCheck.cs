using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>Classes with too few images, and imbalance between classes.</summary>
internal static class ClassSizeCheck
{
    private const int ListedLargest = 3;

    public static IEnumerable<Finding> Run(DataSet data, CheckOptions options)
    {
        var sizes = data.Labels.Classes
            .Select(c => new ClassSize(c.Id, c.Name, data.ByClass[c.Id].Count()))
            .OrderBy(c => c.Images)
            .ToArray();
        Finding?[] findings =
        [
            Of(
                Severity.Problem, "classes-without-images", sizes.Where(c => !data.Given.ContainsKey(c.Id)), "no images",
                "Training refuses the data. Add a folder with images for each, or remove the class from the labels."),
            Of(
                Severity.Problem, "classes-without-readable-images", sizes.Where(c => c.Images == 0 && data.Given.ContainsKey(c.Id)),
                "no readable image", "A bundle cannot know the class. Replace the files, or remove the class from the labels."),
            Of(
                Severity.Warning, "classes-with-one-image", sizes.Where(c => c.Images == 1), "one image",
                "It serves as gallery row only: nothing is set aside for validation, and training sees a single view."),
            Of(
                Severity.Warning, "classes-without-validation", sizes.Where(c => c.Images is > 1 and < ValidationSplit.SmallestClass),
                $"fewer than {ValidationSplit.SmallestClass} images",
                "No image is set aside for validation, so the measured accuracy does not include the class."),
            Of(
                Severity.Warning, "classes-with-few-images",
                sizes.Where(c => c.Images >= ValidationSplit.SmallestClass && c.Images < options.FewImages),
                $"fewer than {options.FewImages} images", "Add images from other positions, light and days."),
            Imbalance([.. sizes.Where(c => c.Images > 0)], options),
        ];
        return findings.OfType<Finding>();
    }

    private static Finding? Of(Severity severity, string kind, IEnumerable<ClassSize> classes, string what, string meaning)
    {
        var listed = classes.Select(c => new FindingItem(c.Images == 0 ? c.Name : $"{c.Name}: {c.Images}")).ToArray();
        return listed.Length == 0
            ? null
            : new(severity, kind, $"{listed.Length} {(listed.Length == 1 ? "class has" : "classes have")} {what}", meaning, listed);
    }

    private static Finding? Imbalance(ClassSize[] sizes, CheckOptions options)
    {
        if (sizes.Length < 2 || sizes[^1].Images <= options.Imbalance * sizes[0].Images)
        {
            return null;
        }

        var shown = sizes.TakeLast(ListedLargest).Reverse().Concat(sizes.Take(ListedLargest)).Distinct();
        return new(
            Severity.Warning,
            "imbalance",
            $"the largest class has {sizes[^1].Images} images, the smallest {sizes[0].Images}",
            "Training takes every image once per epoch, so small classes have little influence. Add images to the small classes.",
            [.. shown.Select(c => new FindingItem($"{c.Name}: {c.Images}"))]);
    }

    private sealed record ClassSize(int Id, string Name, int Images);
}
