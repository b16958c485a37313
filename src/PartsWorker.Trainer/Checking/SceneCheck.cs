namespace PartsWorker.Trainer.Checking;

/// <summary>Classes that have enough images, but too few different ones.</summary>
internal static class SceneCheck
{
    public static IEnumerable<Finding> Run(DataSet data, IReadOnlyDictionary<int, int> scenes, CheckOptions options)
    {
        var few = scenes
            .Select(s => (Name: data.Name(s.Key), Images: data.ByClass[s.Key].Count(), Scenes: s.Value))
            .Where(c => c.Images >= options.FewImages && c.Scenes < options.FewImages)
            .OrderBy(c => c.Scenes).ThenBy(c => c.Name, StringComparer.Ordinal)
            .ToArray();
        if (few.Length > 0)
        {
            yield return new(
                Severity.Warning,
                "classes-with-few-scenes",
                $"{few.Length} {(few.Length == 1 ? "class has" : "classes have")} fewer than {options.FewImages} different scenes",
                "Near-identical images count as one scene. Add images from other positions, light and days; with a fixed camera and a "
                    + "fixed position this is normal.",
                [.. few.Select(c => new FindingItem($"{c.Name}: {c.Images} images, {c.Scenes} scene(s)"))]);
        }
    }
}
