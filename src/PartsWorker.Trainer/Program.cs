using PartsWorker.Inference;
using PartsWorker.Model.Bundle;
using PartsWorker.Trainer.Commands;

try
{
    return await CommandLine.Create().Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (UserErrorException error)
{
    await Console.Error.WriteLineAsync($"partstrainer: {error.Message}");
    return error.ExitCode;
}
catch (Exception error) when (error is BundleException or DeviceUnavailableException)
{
    await Console.Error.WriteLineAsync($"partstrainer: {error.Message}");
    return 1;
}
