using System.CommandLine;
using System.Text.Json;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;

namespace PartsWorker.Commands;

internal static class ModelsListCommand
{
    public static Command Create(Settings settings)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new DocumentedCommand(
            "list",
            "List the registered models and show which one is active.",
            """
            Example:
              partsworker models list --json
            """)
        {
            json,
        };
        command.SetAction((arguments, cancellationToken) => DatabaseSession.RunAsync(settings, "models", async source =>
        {
            Print(await new ModelRegistry(source).ListAsync(cancellationToken), arguments.GetValue(json));
            return 0;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<RegisteredModel> models, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(models.Select(model => new
            {
                model = model.Key,
                state = model.State,
                bundleSha256 = model.BundleSha256,
                created = model.Created,
                registered = model.Registered,
                metrics = JsonDocument.Parse(model.MetricsJson).RootElement,
            })));
            return;
        }

        if (models.Count == 0)
        {
            Console.WriteLine("no model is registered; to register one: partsworker models register models/<name>/<version>");
        }

        foreach (var model in models)
        {
            Console.WriteLine(
                $"{model.Key,-32} {model.State,-16} registered {model.Registered:yyyy-MM-dd HH:mm}Z  bundle {model.BundleSha256[..12]}");
        }
    }
}
