using PartsWorker.Faults.Runs;

return await FaultsCommand.Create().Parse(args).InvokeAsync();
