using System.Runtime.ExceptionServices;

namespace PartsWorker.Pipeline;

/// <summary>Runs the stages side by side: a stage that ends completes the next one, and a loop that faults ends all of them.</summary>
internal sealed class StageLoops(CancellationTokenSource abort)
{
    private readonly List<Task> _stages = [];
    private Exception? _fault;

    /// <summary>Starts <paramref name="count"/> loops of a stage; <paramref name="completed"/> runs once all of them have ended.</summary>
    public void Add(int count, Func<Task> loop, Action? completed = null) => _stages.Add(RunAsync(count, loop, completed));

    /// <summary>Waits for all stages; the first fault is the one thrown.</summary>
    public async Task WhenAllAsync()
    {
        try
        {
            await Task.WhenAll(_stages);
        }
        catch when (_fault is { } fault)
        {
            // The fault cancelled the other loops; report the fault, not their cancellation.
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private async Task RunAsync(int count, Func<Task> loop, Action? completed)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => GuardAsync(loop))));
        }
        finally
        {
            completed?.Invoke();
        }
    }

    // Guards each loop separately: a fault must abort immediately, not after the stage's other loops, which may never end.
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
