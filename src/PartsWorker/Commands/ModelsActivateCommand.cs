using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsActivateCommand
{
    public static Command Create(Settings settings)
    {
        var key = new Argument<string>("model") { Description = "Key of the bundle, name@version; registered first if it is not yet." };
        var command = new DocumentedCommand(
            "activate",
            "Make another model the active one; workers change over between two batches.",
            """
            Example:
              partsworker models activate real-parts@2.7.0
            """)
        {
            key,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(
            settings, "models",
            source => RunAsync(settings, new ModelRegistry(source), arguments.GetRequiredValue(key), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, ModelRegistry registry, string model, CancellationToken cancellationToken)
    {
        // A bundle that does not reproduce its golden outputs is refused here, and the active model stays active.
        var previous = await RegistryCommands.Switch(settings, registry).ActivateAsync(model, cancellationToken);
        Console.WriteLine(previous is null
            ? $"{model} is active; there was no active model before"
            : $"{model} is active; to return to {previous}: partsworker models rollback");
        return 0;
    }
}
