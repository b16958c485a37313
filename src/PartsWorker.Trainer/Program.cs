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
catch (UserErrorException error)
{
    await Console.Error.WriteLineAsync($"partstrainer: {error.Message}");
    return error.ExitCode;
}
catch (DeviceUnavailableException error)
{
    await Console.Error.WriteLineAsync($"partstrainer: {error.Message}");
    return 2;
}
catch (Exception error) when (error is BundleException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"partstrainer: {error.Message}");
    return 1;
}
catch (Exception error) when (IsStop(error))
{
    await Console.Error.WriteLineAsync("partstrainer: stopped");
    return 1;
}

// A parallel loop wraps the cancellation of each of its threads.
static bool IsStop(Exception error) => error is OperationCanceledException
    || (error is AggregateException several && several.Flatten().InnerExceptions.All(inner => inner is OperationCanceledException));
