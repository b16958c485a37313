namespace PartsWorker.Pipeline;

/// <summary>Runs the stages side by side: one that ends closes what it feeds, one that faults ends all.</summary>
internal sealed class StageLoops(CancellationTokenSource abort)
{
    private readonly List<Task> _stages = [];

    /// <summary>Starts <paramref name="count"/> loops of a stage; <paramref name="completed"/> runs when the last of them has ended.</summary>
    public void Add(int count, Func<Task> loop, Action completed) => _stages.Add(RunAsync(count, loop, completed));

    /// <summary>Waits for all stages; the first fault is the one thrown.</summary>
    public async Task WhenAllAsync()
    {
        Exception? first = null;
        foreach (var stage in _stages)
        {
            try
            {
                await stage;
            }
            catch (Exception error)
            {
                // A cancellation is what the fault did to the others; the fault itself is what to report.
                first = first is null or OperationCanceledException ? error : first;
            }
        }

        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private async Task RunAsync(int count, Func<Task> loop, Action completed)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(loop)));
        }
        catch
        {
            await abort.CancelAsync();
            throw;
        }
        finally
        {
            completed();
        }
    }
}
