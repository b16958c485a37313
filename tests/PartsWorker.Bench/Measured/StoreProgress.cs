namespace PartsWorker.Bench.Measured;

/// <summary>Ends a wait for rows in which none was stored for two minutes: a message that failed is never stored.</summary>
internal sealed class StoreProgress(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private long _rows = -1;
    private long _since;

    /// <param name="rows">Stored so far.</param>
    /// <param name="wanted">Waited for.</param>
    /// <exception cref="BenchException">The number of rows has not grown for two minutes.</exception>
    public void Check(long rows, long wanted)
    {
        if (rows > _rows)
        {
            (_rows, _since) = (rows, time.GetTimestamp());
        }
        else if (time.GetElapsedTime(_since) > Patience)
        {
            throw new BenchException(
                $"{rows} of {wanted} images were stored, and none in the last two minutes; the errors of the worker are printed above");
        }
    }
}
