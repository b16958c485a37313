using PartsWorker.Commands;

var (overrides, words) = Settings.Split(args);
try
{
    return await CommandLine.Create(new Settings(overrides)).Parse(words).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (UserErrorException error)
{
    await Console.Error.WriteLineAsync($"partsworker: {error.Message}");
    return error.ExitCode;
}
