using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer enroll</c>: adds a part class from a few photos, without training.</summary>
internal static class EnrollCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        var options = new EnrollCommandOptions();
        var command = new Command(
            "enroll",
            """
            Adds a part class to a bundle from a few photos, without training, and writes a new version. First prints how well
            the class separates from the others and which of them it endangers. Exit code 1 and no new version if the
            enrollment is doubtful: fewer than half of the photos are recognized from the others, or an old class would lose
            a golden image, or a quarter of its gallery rows.
            Example: partstrainer enroll --bundle models/parts/1 --photos new-hook --name s-hook-bronze
              --color bronze --shape formed --version-name 2
            """);
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            ModelBundle.Open(parsed.GetValue(options.Bundle)!),
            options.Part(parsed),
            parsed.GetValue(options.Version)!,
            parsed.GetValue(options.Keep),
            cancel)));
        return command;
    }

    private static int Run(ModelBundle bundle, NewPart part, string version, bool keep, CancellationToken cancel)
    {
        NextVersion.RequireWritable(bundle, version);
        var enrollment = new Enrollment(bundle, part);
        var skipped = new List<SkippedImage>();
        var photos = enrollment.Read(skipped, cancel);
        SkippedLines.Print(skipped);
        var report = new EnrollmentCheck(bundle, enrollment.Labels, photos).Run();
        EnrollmentTable.Print(report, Console.Out);
        if (report.Doubts.Count > 0)
        {
            Console.Error.WriteLine(
                $"partstrainer: doubtful enrollment: {string.Join("; ", report.Doubts)}; "
                    + (keep ? "written because of --keep" : "no version was written (--keep writes it)"));
            if (!keep)
            {
                return Failed;
            }
        }

        var made = enrollment.Write(photos, NextVersion.RootOf(bundle), version, TimeProvider.System.GetUtcNow());
        Console.WriteLine(
            $"{made.Directory}: {made.Key} with {made.Labels.Classes.Count} classes and {made.GalleryClasses.Length} gallery rows "
                + $"(before: {bundle.GalleryClasses.Length}, {photos.Count} photos), {made.GalleryImages.Count} gallery images");
        return 0;
    }
}
