using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <summary>Samples a reprocess run while it runs: its reported progress must never exceed the stored rows.</summary>
internal sealed class ReprocessWitness(Ledger ledger, string model, string line)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Samples in which the run reported more than was stored.</summary>
    public List<RunRecord> Untrue { get; } = [];

    public async Task UntilAsync(int rows, CancellationToken cancellationToken)
    {
        while ((await SampleAsync())?.Rows is not { } now || now < rows)
        {
            await Task.Delay(Interval, cancellationToken);
        }
    }

    public async Task<RunRecord?> SampleAsync()
    {
        var run = await ledger.RunAsync(model, line);
        if (run is not null && (run.Judged > run.Rows || run.Published > run.Selected || (run.Status == "done" && run.Rows < run.Selected)))
        {
            Untrue.Add(run);
        }

        return run;
    }
}
