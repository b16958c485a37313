using PartsWorker.Serving;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Counts the batches the device runs or is about to run. The limit comes from the next batch's model unless
/// <see cref="PipelineOptions.InFlight"/> overrides it, because the active model is not known at startup.
/// </summary>
internal sealed class DeviceSlots(PipelineOptions options, WakeSignal wake)
{
    private int _taken;

    public bool Idle => Volatile.Read(ref _taken) == 0;

    /// <param name="next">The model of the next batch; null while no part waits.</param>
    public bool HasRoomFor(IServedModel? next)
    {
        var limit = options.InFlight > 0 ? options.InFlight : next?.InFlight ?? 1;
        return Volatile.Read(ref _taken) < limit;
    }

    public void Take() => Interlocked.Increment(ref _taken);

    public void Release()
    {
        Interlocked.Decrement(ref _taken);
        wake.Set();
    }
}
