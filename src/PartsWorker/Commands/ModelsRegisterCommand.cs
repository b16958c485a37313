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
        var command = new DocumentedCommand(
            "register",
            "Register a bundle in the database, after verifying it on this machine.",
            """
            Example:
              partsworker models register models/real-parts/2.7.0
            """)
        {
            folder,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var bundle = RegistryCommands.Verify(settings, arguments.GetRequiredValue(folder));
            var added = await new ModelRegistry(source).RegisterAsync(bundle, cancellationToken);
            Console.WriteLine(added
                ? $"{bundle.Key} is registered with {bundle.Labels.Classes.Count} classes"
                : $"{bundle.Key} was already registered");
            return 0;
        }));
        return command;
    }
}
