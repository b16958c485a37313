using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsRollbackCommand
{
    public static Command Create(Settings settings)
    {
        var command = new DocumentedCommand(
            "rollback",
            "Activate the model that was active before the last change.",
            """
            Example:
              partsworker models rollback
            """);
        command.SetAction((_, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var active = await new ModelRegistry(source).RollbackAsync(cancellationToken)
                ?? throw new UserErrorException(
                    "there is no previous model to roll back to; activate one by its key: partsworker models activate <name>@<version>",
                    exitCode: 1);
            Console.WriteLine($"{active} is active again");
            return 0;
        }));
        return command;
    }
}
