using PartsWorker;
using PartsWorker.Bench;
using PartsWorker.Bench.Commands;
using PartsWorker.Configuration;
using PartsWorker.Hosting;
using PartsWorker.Inference;

// As in the worker, because `partsbench worker` measures the worker's process.
NativeEnvironment.Prepare();
NativeHeap.LimitArenas();
var (overrides, words) = Settings.Split(args);
try
{
    var command = CommandLine.Create(new Settings(overrides, WorkerSections.Keys)).Parse(words);
    // Removing queues and a database after Ctrl-C takes longer than the default of two seconds.
    var code = await command.InvokeAsync(new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
    });
    return command.Errors.Count > 0 ? 2 : code;
}
catch (UserErrorException error)
{
    await Console.Error.WriteLineAsync($"partsbench: {error.Message}");
    return error.ExitCode;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("partsbench: stopped");
    return 1;
}
catch (Exception error) when ((error is BenchException ? error.Message : CommandErrors.Explain(error)) is { } line)
{
    await Console.Error.WriteLineAsync($"partsbench: {line}");
    return 1;
}
