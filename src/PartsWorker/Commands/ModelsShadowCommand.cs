using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsShadowCommand
{
    public static Command Create(Settings settings)
    {
        var key = new Argument<string>("model") { Description = "Key of a registered model, name@version, or off." };
        var share = new Option<float>("--share")
        {
            Description = "Share of live images that it classifies, above 0 and up to 1.", DefaultValueFactory = _ => 0.1f,
        };
        var command = new DocumentedCommand(
            "shadow",
            "Let a second model classify a share of live images for comparison.",
            """
            Examples:
              partsworker models shadow parts@2.0.0 --share 0.25
              partsworker models shadow off

            The rows of a shadow model are stored but never shown as current.
            """)
        {
            key, share,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var (model, part) = (arguments.GetRequiredValue(key), arguments.GetValue(share));
            return DatabaseSession.RunAsync(
                settings, "models", source => RunAsync(settings, new ModelRegistry(source), model, part, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Settings settings, ModelRegistry registry, string model, float share, CancellationToken cancellationToken)
    {
        if (string.Equals(model, "off", StringComparison.Ordinal))
        {
            await registry.ShadowAsync(key: null, share: 0, cancellationToken);
            Console.WriteLine("shadow model is off");
            return 0;
        }

        if (share is not (> 0 and <= 1))
        {
            throw new UserErrorException("--share must be above 0 and up to 1; to turn the shadow off: partsworker models shadow off");
        }

        var accepted = await RegistryCommands.Switch(settings, registry).ShadowAsync(model, share, cancellationToken);
        Console.WriteLine(accepted is null
            ? $"{model} is the active model and cannot be its own shadow: shadow model is off"
            : $"{model} runs as shadow on {share:P1} of live images");
        return 0;
    }
}
