using System.CommandLine;
using PartsWorker.Configuration;

namespace PartsWorker.Bench.Commands;

/// <summary>The commands of <c>partsbench</c>; each has its own file.</summary>
internal static class CommandLine
{
    private const string Help = """
        Measures PartsWorker on this machine. deploy/bench.sh creates the bundles and starts the services.

        Accepts the worker's options (--Pipeline:MaxBatch=16, --Inference:Device=cuda). The connection strings come from the environment, as
        `deploy/services.sh env` prints them. Each run creates its own queues and its own database and removes them at the end.
        Example: partsbench run --model none --images /tmp/bench-images
        """;

    public static RootCommand Create(Settings settings) => new(Help)
    {
        RunCommand.Create(settings),
        WatchCommands.Soak(settings),
        WatchCommands.Backlog(settings),
        ResultsCommand.Create(settings),
        DeviceCommand.Create(settings),
        CostsCommand.Create(settings),
        PlanCommand.Create(),
        ScaleCommand.Create(),
        WorkerCommand.Create(settings),
    };
}
