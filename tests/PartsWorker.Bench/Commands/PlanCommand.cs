using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bench.Costs;
using PartsWorker.Bench.Sizing;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench plan</c>: how many workers, cores, brokers and databases a number of images per second needs.</summary>
internal static class PlanCommand
{
    private const string Help = """
        Computes workers, cores, broker, database, disk and network from the cost table that `partsbench costs` measured, and which of them
        saturates first. Needs no services. deploy/SIZING.md explains the figures and states the error.

        Examples:
          partsbench plan --images-per-second 2000 --size 5MP --model real-int8
          partsbench plan --images-per-second 200 --size 1.3MP --model real-int8 --workers 3 --worker-cores 2
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var options = new PlanOptions();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("plan", Help);
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(arguments =>
        {
            var plan = new SizingCalculator(CostFile.Read(options.Costs(arguments))).Plan(options.Read(arguments));
            Console.Write(arguments.GetValue(json) ? JsonSerializer.Serialize(plan, Json) + "\n" : SizingText.Of(plan));
            return plan.Reaches ? 0 : 1;
        });
        return command;
    }
}
