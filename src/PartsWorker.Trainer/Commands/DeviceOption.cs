using System.CommandLine;
using PartsWorker.Inference;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>--device</c> of the commands that train.</summary>
internal static class DeviceOption
{
    public static Option<ExecutionDevice?> Create()
    {
        var device = new Option<ExecutionDevice?>("--device") { Description = "Where to run: cpu or cuda; default cpu." };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        return device;
    }
}
