using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <summary>Checks a reprocess run while it is in progress: it must never record more than the rows that exist.</summary>
internal sealed class ReprocessWitness(Ledger ledger, string model, string line)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Checks at which the run recorded more than there was.</summary>
    public List<RunRecord> Untrue { get; } = [];

    public async Task UntilAsync(int rows, CancellationToken cancellationToken)
    {
        while ((await LookAsync())?.Rows is not { } now || now < rows)
        {
            await Task.Delay(Interval, cancellationToken);
        }
    }

    public async Task<RunRecord?> LookAsync()
    {
        var look = await ledger.RunAsync(model, line);
        if (look is not null && (look.Judged > look.Rows || look.Published > look.Selected || (look.Status == "done" && look.Rows < look.Selected)))
        {
            Untrue.Add(look);
        }

        return look;
    }
}
