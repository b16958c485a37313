namespace PartsWorker.Trainer.Checking;

/// <summary>Unreadable, small and empty images.</summary>
internal static class FileCheck
{
    public static IEnumerable<Finding> Run(DataSet data, CheckOptions options)
    {
        if (data.Scan.Skipped.Count > 0)
        {
            yield return new(
                Severity.Warning,
                "unreadable-images",
                $"{data.Scan.Skipped.Count} image(s) cannot be read",
                "Training skips them. Replace or delete the files.",
                [.. data.Scan.Skipped.Select(s => new FindingItem($"{data.Short(s.Path)}: {s.Reason}"))]);
        }

        var small = data.Scan.Images.Where(i => Side(i) < options.TrainingSize).OrderBy(Side).ToArray();
        if (small.Length > 0)
        {
            yield return new(
                Severity.Warning,
                "small-images",
                $"{small.Length} image(s) are smaller than the network's input of {options.TrainingSize} pixels",
                "They are enlarged, which adds no detail. Use larger images, or train with a smaller --size.",
                [.. small.Select(i => new FindingItem($"{data.Short(i.Path)}: {i.Size}", i.Path))]);
        }

        var flat = data.Scan.Images.Where(i => i.Tone.Contrast < options.FlatContrast).OrderBy(i => i.Tone.Contrast).ToArray();
        if (flat.Length > 0)
        {
            yield return new(
                Severity.Warning,
                "flat-images",
                $"{flat.Length} image(s) show a single tone",
                "The lens was covered, or the light was off. Delete them.",
                [.. flat.Select(i => new FindingItem($"{data.Short(i.Path)}: contrast {i.Tone.Contrast:0.0} of 255", i.Path))]);
        }
    }

    private static int Side(ScannedImage image) => Math.Max(image.Size.Width, image.Size.Height);
}
