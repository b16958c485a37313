using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer;
using PartsWorker.Trainer.Commands;

NativeEnvironment.Prepare();
try
{
    var command = CommandLine.Create().Parse(args);
    var code = await command.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
    return command.Errors.Count > 0 ? 2 : code;
}
catch (Exception error) when (LoopErrors.First(error, IsOneLine) is { } first)
{
    await Console.Error.WriteLineAsync($"partstrainer: {(first is OperationCanceledException ? "stopped" : first.Message)}");
    return first switch
    {
        UserErrorException user => user.ExitCode,
        DeviceUnavailableException => 2,
        _ => 1,
    };
}

static bool IsOneLine(Exception error) => error is UserErrorException or DeviceUnavailableException or BundleException or IOException
    or UnauthorizedAccessException or OperationCanceledException;
