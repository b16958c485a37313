using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsShadowCommand
{
    public static Command Create(Settings settings)
    {
        var key = new Argument<string>("model") { Description = "Key of a registered bundle, or off." };
        var share = new Option<float>("--share")
        {
            Description = "Share of live images it judges too, above 0 and up to 1.",
            DefaultValueFactory = _ => 0.1f,
        };
        var command = new Command(
            "shadow",
            "Let a second bundle judge a share of live images along; its rows are kept and never shown as current. "
                + "Example: partsworker models shadow parts@2 --share 0.25")
        {
            key, share,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            var (model, part, registry) = (arguments.GetRequiredValue(key), arguments.GetValue(share), new ModelRegistry(source));
            if (string.Equals(model, "off", StringComparison.Ordinal))
            {
                await registry.ShadowAsync(key: null, share: 0, cancellationToken);
                Console.WriteLine("no model runs along");
                return 0;
            }

            if (part is not (> 0 and <= 1))
            {
                throw new UserErrorException("--share must be above 0 and up to 1; to end the shadow write: partsworker models shadow off");
            }

            await registry.FindAsync(model, cancellationToken);
            await registry.RequireSameAsync(RegistryCommands.Prove(settings, RegistryCommands.FolderOf(settings, model)), cancellationToken);
            var accepted = await registry.ShadowAsync(model, part, cancellationToken);
            Console.WriteLine(
                accepted is null ? $"{model} is active itself: nothing runs along" : $"{model} judges {part:P1} of the live images along");
            return 0;
        }));
        return command;
    }
}
