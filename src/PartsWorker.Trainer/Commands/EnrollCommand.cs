using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer enroll</c>: adds a part class from a few photos, without training.</summary>
internal static class EnrollCommand
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle to extend. It is not changed; a new version is written.",
            Required = true,
        };
        var photos = new Option<string>("--photos")
        {
            Description = "Folder with photos of the part; use five to twenty, from different sides.",
            Required = true,
        };
        var name = new Option<string>("--name")
        {
            Description = "Class name. If the bundle has this class, the photos are added to it.",
            Required = true,
        };
        var color = new Option<string>("--color") { Description = "One of the bundle's colors.", Required = true };
        var shape = new Option<string>("--shape") { Description = "One of the bundle's shapes.", Required = true };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var views = ViewsOption.Create("--views");
        var command = new Command(
            "enroll",
            """
            Adds a part class to a bundle from a few photos, without training, and writes a new version.
            Example: partstrainer enroll --bundle models/parts/1 --photos new-hook --name s-hook-bronze
              --color bronze --shape formed --version-name 2
            """)
        {
            bundle, photos, name, color, shape, version, views,
        };
        command.SetAction((parsed, _) => Task.FromResult(Run(
            ModelBundle.Open(parsed.GetValue(bundle)!),
            parsed.GetValue(photos)!,
            new(parsed.GetValue(name)!, parsed.GetValue(color)!, parsed.GetValue(shape)!, [])
            {
                Views = ViewsOption.Read(parsed, views),
            },
            parsed.GetValue(version)!)));
        return command;
    }

    private static int Run(ModelBundle bundle, string folder, NewPart part, string version)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder}: no such folder; --photos expects a folder with photos of the part");
        }

        part = part with { Photos = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] };
        if (part.Photos.Count == 0)
        {
            throw new UserErrorException($"{folder}: contains no photos");
        }

        var (made, skipped) = new Enrollment(bundle, part).Run(NextVersion.RootOf(bundle), version, TimeProvider.System.GetUtcNow());
        SkippedLines.Print(skipped);
        Console.WriteLine(
            $"{made.Directory}: {made.Key} with {made.Labels.Classes.Count} classes and {made.GalleryClasses.Length} gallery rows "
                + $"(before: {bundle.GalleryClasses.Length}, {part.Photos.Count - skipped.Count} photos)");
        return 0;
    }
}
