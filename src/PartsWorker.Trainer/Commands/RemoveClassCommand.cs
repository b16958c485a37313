using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer remove-class</c>: removes part classes from a bundle permanently, without training.</summary>
internal static class RemoveClassCommand
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle to remove classes from. It is not changed; a new version is written.",
            Required = true,
        };
        var names = new Option<string[]>("--name")
        {
            Description = "Class name; several are possible.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var command = new Command(
            "remove-class",
            """
            Removes part classes from a bundle permanently, without training, and writes a new version without their labels,
            gallery rows and golden images. The classes behind a removed one get lower ids; their names stay.
            Example: partstrainer remove-class --bundle models/parts/2 --name s-hook-bronze --version-name 3
            """)
        {
            bundle, names, version,
        };
        command.SetAction(parsed => Run(
            ModelBundle.Open(parsed.GetValue(bundle)!), parsed.GetValue(names)!, parsed.GetValue(version)!, Console.Out));
        return command;
    }

    private static int Run(ModelBundle bundle, string[] names, string version, TextWriter output)
    {
        var made = new ClassRemoval(bundle, names).Write(NextVersion.RootOf(bundle), version, TimeProvider.System.GetUtcNow());
        var ids = bundle.Labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        output.WriteLine(
            $"{made.Directory}: {made.Key} with {made.Labels.Classes.Count} classes and {made.GalleryClasses.Length} gallery rows, without "
                + $"{string.Join(", ", names.Distinct(StringComparer.Ordinal))}; "
                + $"{made.Labels.Classes.Count(c => ids[c.Name] != c.Id)} other classes have new ids");
        return 0;
    }
}
