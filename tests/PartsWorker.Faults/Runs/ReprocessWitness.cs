using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <summary>Looks at a reprocess run while it goes on: what it says of itself must never be more than the rows that are there.</summary>
internal sealed class ReprocessWitness(Ledger ledger, string model, string line)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks at which the run claimed more than there was.</summary>
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
