using System.Runtime.ExceptionServices;

namespace PartsWorker.Pipeline;

/// <summary>Runs the stages side by side: one that ends closes what it feeds, one loop that faults ends all.</summary>
internal sealed class StageLoops(CancellationTokenSource abort)
{
    private readonly List<Task> _stages = [];
    private Exception? _fault;

    /// <summary>Starts <paramref name="count"/> loops of a stage; <paramref name="completed"/> runs when the last of them has ended.</summary>
    public void Add(int count, Func<Task> loop, Action completed) => _stages.Add(RunAsync(count, loop, completed));

    /// <summary>Waits for all stages; the first fault is the one thrown.</summary>
    public async Task WhenAllAsync()
    {
        try
        {
            await Task.WhenAll(_stages);
        }
        catch when (_fault is { } fault)
        {
            // A cancellation is what the fault did to the others; the fault itself is what to report.
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private async Task RunAsync(int count, Func<Task> loop, Action completed)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => GuardAsync(loop))));
        }
        finally
        {
            completed();
        }
    }

    // Each loop for itself: waiting for a stage's other loops first would wait for ever.
    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException)
            {
                Interlocked.CompareExchange(ref _fault, error, null);
            }

            await abort.CancelAsync();
            throw;
        }
    }
}
