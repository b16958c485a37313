using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsActivateCommand
{
    public static Command Create(Settings settings)
    {
        var key = new Argument<string>("model")
        {
            Description = "Key of the bundle, name@version; it is registered first where it is not.",
        };
        var command = new Command(
            "activate",
            "Let another bundle answer; workers change over between two batches. "
                + "Example: partsworker models activate real-parts@1.0.0") { key };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var (model, registry) = (arguments.GetRequiredValue(key), new ModelRegistry(source));
            var folder = RegistryCommands.FolderOf(settings, model);
            if (!Directory.Exists(folder))
            {
                await registry.FindAsync(model, cancellationToken);
            }

            // A bundle that fails its golden images is refused here, and what was active stays active.
            await registry.RegisterAsync(RegistryCommands.Prove(settings, folder), cancellationToken);
            var previous = await registry.ActivateAsync(model, cancellationToken);
            Console.WriteLine(
                $"{model} is active; {(previous is null ? "there was none before" : $"back to {previous}: partsworker models rollback")}");
            return 0;
        }));
        return command;
    }
}
