using System.CommandLine;
using PartsWorker.Bench.Measured;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Bench.Commands;

/// <summary><c>partsbench worker</c>: the process that the other commands start and measure; not meant for users.</summary>
internal static class WorkerCommand
{
    public static Command Create(Settings settings)
    {
        var memory = new Option<bool>("--memory") { Description = "No broker, no database." };
        var none = new Option<bool>("--none") { Description = "No model." };
        var bare = new Option<string?>("--bare") { Description = "Only the sessions of this bundle." };
        var command = new Command("worker", "The process that is measured.") { memory, none, bare };
        command.Hidden = true;
        command.SetAction((arguments, cancellation) => arguments.GetValue(bare) is { } bundle
            ? BenchWorker.RunBareAsync(bundle, SharedLimits.Inference(settings.Load()))
            : BenchWorker.RunAsync(settings.Load(), arguments.GetValue(memory), arguments.GetValue(none), cancellation));
        return command;
    }
}
