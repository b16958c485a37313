using System.CommandLine;
using PartsWorker.Configuration;

namespace PartsWorker.Commands;

/// <summary><c>partsworker models</c>: registers, compares and switches model bundles.</summary>
internal static class ModelsCommand
{
    private const string Notes = """
        Example:
          partsworker models list
        """;

    public static Command Create(Settings settings) => new DocumentedCommand("models", "Register, compare and switch model bundles.", Notes)
    {
        ModelsListCommand.Create(settings),
        ModelsVerifyCommand.Create(settings),
        ModelsRegisterCommand.Create(settings),
        ModelsActivateCommand.Create(settings),
        ModelsRollbackCommand.Create(settings),
        ModelsShadowCommand.Create(settings),
        ModelsDiffCommand.Create(settings),
    };
}
