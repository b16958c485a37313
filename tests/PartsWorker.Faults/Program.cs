using PartsWorker.Faults.Runs;

return await FaultsCommand.Create().Parse(args).InvokeAsync(new()
{
    // Stopping services and workers after Ctrl-C takes longer than the default of two seconds.
    ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
});
