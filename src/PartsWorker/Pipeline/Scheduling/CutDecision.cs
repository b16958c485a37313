using System.Runtime.InteropServices;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Cut the batch now, for a reason, or decide again after a delay at the latest; any signal makes the former decide earlier.
/// </summary>
/// <param name="Reason">Null: do not cut yet.</param>
/// <param name="Delay">Infinite: only a signal can change the decision.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CutDecision(CutReason? Reason, TimeSpan Delay)
{
    public static CutDecision WaitForSignal { get; } = Wait(Timeout.InfiniteTimeSpan);

    public static CutDecision Cut(CutReason reason) => new(reason, TimeSpan.Zero);

    public static CutDecision Wait(TimeSpan delay) => new(null, delay);
}
