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
