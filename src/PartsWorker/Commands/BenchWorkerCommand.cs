using System.CommandLine;
using PartsWorker.Benching;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Commands;

/// <summary><c>partsworker bench worker</c>: the process that <c>bench</c> starts and measures; not for people.</summary>
internal static class BenchWorkerCommand
{
    public static Command Create(Settings settings)
    {
        var memory = new Option<bool>("--memory") { Description = "No broker, no database." };
        var none = new Option<bool>("--none") { Description = "No model." };
        var bare = new Option<string?>("--bare") { Description = "Only the sessions of this bundle." };
        var command = new Command("worker", "The process that bench measures.") { memory, none, bare };
        command.Hidden = true;
        command.SetAction((arguments, cancellation) => arguments.GetValue(bare) is { } bundle
            ? BenchWorker.RunBareAsync(bundle, SharedLimits.Inference(settings.Load()))
            : BenchWorker.RunAsync(settings.Load(), arguments.GetValue(memory), arguments.GetValue(none), cancellation));
        return command;
    }
}
