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
