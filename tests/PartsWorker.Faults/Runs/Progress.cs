using System.Diagnostics;

namespace PartsWorker.Faults.Runs;

/// <summary>The number of stored rows, which paces a run: it triggers the faults and limits how far the feeder is ahead.</summary>
internal sealed class Progress(Bench bench, int backlog)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private volatile int _stored;
    private volatile bool _open;

    public int Stored => _stored;

    /// <summary>Ends the pacing: the feeder no longer waits.</summary>
    public void Open() => _open = true;

    /// <summary>Waits while the workers are more than the backlog behind.</summary>
    public async Task PaceAsync(int confirmed, CancellationToken cancellationToken)
    {
        while (!_open && confirmed - _stored > backlog)
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    public async Task UntilAsync(int rows, Task feeding, CancellationToken cancellationToken)
    {
        var still = Stopwatch.StartNew();
        while (_stored < rows)
        {
            await Task.Delay(100, cancellationToken);
            bench.Crew.Check();
            var now = await bench.Places.CountRowsAsync() ?? _stored;
            if (now > _stored)
            {
                still.Restart();
            }

            _stored = now;
            if (feeding.IsFaulted)
            {
                await feeding;
            }

            if (still.Elapsed > Patience)
            {
                throw new InvalidOperationException(
                    $"no row was stored for {Patience.TotalMinutes} minutes; {_stored} rows and {bench.Source.Confirmed} confirmed "
                    + $"messages so far; see {bench.Crew.LogOf(0)}");
            }
        }
    }
}
