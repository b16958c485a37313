using System.CommandLine;
using PartsWorker.Configuration;

namespace PartsWorker.Bench.Commands;

/// <summary>The commands of <c>partsbench</c>; each has a file of its own.</summary>
internal static class CommandLine
{
    private const string Help = """
        Measures PartsWorker on this machine. deploy/bench.sh makes bundles and starts services for it.

        The worker's own options apply (--Pipeline:MaxBatch=16, --Inference:Device=cuda); broker and database come from the environment, as
        deploy/services.sh env prints it. Queues and database of a run are its own and are removed at the end.
        Example: partsbench run --model none --images /tmp/bench-images
        """;

    public static RootCommand Create(Settings settings) => new(Help)
    {
        RunCommand.Create(settings),
        WatchCommands.Soak(settings),
        WatchCommands.Backlog(settings),
        DeviceCommand.Create(settings),
        WorkerCommand.Create(settings),
    };
}
