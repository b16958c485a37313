using PartsWorker;
using PartsWorker.Commands;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Inference;

NativeEnvironment.Prepare();
NativeHeap.LimitArenas();
var (overrides, words) = Settings.Split(args);
try
{
    var command = CommandLine.Create(new Settings(overrides, WorkerSections.Keys)).Parse(words);
    UsageErrors.Throw(command);

    // Longer than the longest Pipeline:ShutdownTimeout; the library's default ends the process two seconds after SIGTERM.
    var patience = TimeSpan.FromMinutes(11);
    var code = await command.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
    return command.Errors.Count > 0 ? 2 : code;
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
catch (Exception error) when (CommandErrors.Explain(error) is { } line)
{
    await Console.Error.WriteLineAsync($"partsworker: {line}");
    return 1;
}
