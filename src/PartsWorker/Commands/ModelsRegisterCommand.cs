using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsRegisterCommand
{
    public static Command Create(Settings settings)
    {
        var folder = new Argument<string>("folder") { Description = "Bundle folder, models/<name>/<version>." };
        var command = new Command(
            "register",
            "Make a bundle known, after it has given its golden outputs here. "
                + "Example: partsworker models register models/real-parts/1.0.0") { folder };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var bundle = RegistryCommands.Prove(settings, arguments.GetRequiredValue(folder));
            var added = await new ModelRegistry(source).RegisterAsync(bundle, cancellationToken);
            Console.WriteLine(
                added ? $"{bundle.Key} is registered with {bundle.Labels.Classes.Count} classes" : $"{bundle.Key} was registered already");
            return 0;
        }));
        return command;
    }
}
