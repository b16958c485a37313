using PartsWorker.Commands;

var (overrides, words) = Settings.Split(args);
try
{
    // Longer than the longest Pipeline:ShutdownTimeout: the library would otherwise end the process two seconds after SIGTERM, in the middle of the drain.
    return await CommandLine.Create(new Settings(overrides)).Parse(words).InvokeAsync(
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(11) });
}
catch (UserErrorException error)
{
    await Console.Error.WriteLineAsync($"partsworker: {error.Message}");
    return error.ExitCode;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("partsworker: stopped");
    return 1;
}
