using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints the first unreadable images and their total number to standard error.</summary>
internal static class SkippedLines
{
    private const int Named = 10;

    public static void Print(IReadOnlyCollection<SkippedImage> skipped)
    {
        foreach (var image in skipped.Take(Named))
        {
            Console.Error.WriteLine($"skipped {image.Path}: {image.Reason}");
        }

        if (skipped.Count > 0)
        {
            Console.Error.WriteLine($"skipped {skipped.Count} unreadable image(s) in total");
        }
    }
}
