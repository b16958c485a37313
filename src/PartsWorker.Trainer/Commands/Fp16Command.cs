using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer fp16</c>: adds float16 graphs to a bundle, for faster classification on GPUs.</summary>
internal static class Fp16Command
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle folder. It is not changed; a new version is written.",
            Required = true,
        };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var command = new Command(
            "fp16",
            """
            Adds float16 graphs to a bundle and writes a new version. On CUDA, the worker then runs these.
            Example: partstrainer fp16 --bundle models/parts/1 --version-name 1.1
            """)
        {
            bundle, version,
        };
        command.SetAction(parsed =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            var made = HalfGraphs.Add(opened, parsed.GetValue(version)!, TimeProvider.System.GetUtcNow());
            Console.WriteLine($"{made.Directory}: {made.Key} in {string.Join(", ", made.Precisions.Select(Precisions.NameOf))}");
            return 0;
        });
        return command;
    }
}
