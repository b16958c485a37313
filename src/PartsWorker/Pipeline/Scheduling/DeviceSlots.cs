using PartsWorker.Serving;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// How many batches the device has in hand; tells the batch former when waiting for more parts costs nothing. How many it may have the model of the
/// next batch says, unless <see cref="PipelineOptions.InFlight"/> does: which model that will be a worker that follows SQL does not know when it starts.
/// </summary>
internal sealed class DeviceSlots(PipelineOptions options, WakeSignal wake)
{
    private int _inHand;

    public bool Idle => Volatile.Read(ref _inHand) == 0;

    /// <param name="next">The model of the next batch; null while nothing waits for one.</param>
    public bool HasRoomFor(IServedModel? next) => Volatile.Read(ref _inHand) < (options.InFlight > 0 ? options.InFlight : next?.InFlight ?? 1);

    public void Take() => Interlocked.Increment(ref _inHand);

    public void Release()
    {
        Interlocked.Decrement(ref _inHand);
        wake.Set();
    }
}
