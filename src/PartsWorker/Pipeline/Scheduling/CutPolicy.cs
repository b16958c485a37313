namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Decides when a batch is cut: a pure function of a <see cref="Situation"/>. While live messages wait to be loaded, throughput counts, and
/// even an idle device waits a little for its batch to fill. While none waits, latency counts. The first line that applies decides:
/// <code>
///  1  the device has no room for a batch of this model                              wait for a signal
///  2  the live parts fill the batch                                                 cut: full
///     only reprocessed parts, and they yield to live ones (*):
///  3    the device is busy                                                          wait until they no longer yield
///  4    a live part is on its way, and the last run ended less than 250 ms ago      wait for the rest of 250 ms
///  5    none is, and the last run ended less than three times its own length ago    wait for the rest of that
///     the device is idle:
///  6    no message waits whose part could still join                                cut: idle
///  7    the batch has waited for Fill                                               cut: idle
///     in any case:
///  8    live and reprocessed parts together fill the batch                          cut: full
///     the device is busy:
///  9    the batch has waited for Linger                                             cut: linger
///     in any case:
/// 10    the next live part belongs to another model                                 cut: model
/// 11    the device is idle                                                          wait for the rest of Fill
/// 12    the device is busy                                                          wait for the rest of Linger
/// </code>
/// (*) On a CPU, for five seconds after the last live message or part entered. There the cores that run a batch also fetch, decode
/// and store live parts; reprocessed parts then get one run at a time, and a quarter of the time at most.
/// </summary>
internal static class CutPolicy
{
    /// <summary>Where live parts are always on their way, a reprocessed run still begins this often.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(250);

    // Three parts of rest after one of work.
    private const int RestPerRun = 3;

    // A line slower than this waits for one run now and then; a line that is stopped leaves the whole device to reprocessing.
    private static readonly TimeSpan YieldsAfterLive = TimeSpan.FromSeconds(5);

    public static CutDecision Decide(Situation now, PipelineOptions options)
    {
        if (!now.HasRoom)
        {
            return CutDecision.WaitForSignal; // 1
        }

        if (now.Live >= now.Capacity)
        {
            return CutDecision.Cut(CutReason.Full); // 2
        }

        return Yield(now) ?? (now.DeviceIdle ? WhenIdle(now, options) : WhenBusy(now, options));
    }

    // 3 to 5; null: no live work to yield to, or the rest is over.
    private static CutDecision? Yield(Situation now)
    {
        var share = now.Share;
        if (now.Live > 0 || share.LastRun <= TimeSpan.Zero || share.SinceLive >= YieldsAfterLive)
        {
            return null;
        }

        if (!now.DeviceIdle)
        {
            return CutDecision.Wait(YieldsAfterLive - share.SinceLive); // 3
        }

        var rest = share.LiveOnTheWay ? LongestRest : RestPerRun * share.LastRun;
        return rest > share.SinceRun ? CutDecision.Wait(rest - share.SinceRun) : null; // 4, 5
    }

    private static CutDecision WhenIdle(Situation now, PipelineOptions options)
    {
        if (!MoreCanJoin(now) || now.Waited >= options.Fill)
        {
            return CutDecision.Cut(CutReason.Idle); // 6, 7
        }

        return FullOrOtherModel(now) is { } reason ? CutDecision.Cut(reason) : CutDecision.Wait(options.Fill - now.Waited); // 8, 10, 11
    }

    private static CutDecision WhenBusy(Situation now, PipelineOptions options)
    {
        var reason = FullOrOtherModel(now); // 8, 10
        if (reason != CutReason.Full && now.Waited >= options.Linger)
        {
            return CutDecision.Cut(CutReason.Linger); // 9
        }

        return reason is { } cut ? CutDecision.Cut(cut) : CutDecision.Wait(options.Linger - now.Waited); // 12
    }

    private static CutReason? FullOrOtherModel(Situation now)
    {
        if (now.Live + Math.Min(now.Reprocess, now.Share.MostParts) >= now.Capacity)
        {
            return CutReason.Full;
        }

        return now.OtherModelNext ? CutReason.Model : null;
    }

    private static bool MoreCanJoin(Situation now) =>
        now.LiveMessages > 0 || (now.Live == 0 && now.ReprocessMessages > 0 && now.Reprocess < now.Share.MostParts);
}
