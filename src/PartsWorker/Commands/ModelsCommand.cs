using System.CommandLine;
using PartsWorker.Configuration;

namespace PartsWorker.Commands;

/// <summary><c>partsworker models</c>: everything about which bundle answers.</summary>
internal static class ModelsCommand
{
    public static Command Create(Settings settings) => new(
        "models", "Register, compare and switch model bundles. Example: partsworker models list")
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
