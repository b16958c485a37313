namespace PartsWorker.Pipeline;

/// <summary>How many batches the device has in hand; tells the batch former when waiting for more parts costs nothing.</summary>
internal sealed class DeviceSlots(int inFlight, WakeSignal wake)
{
    private int _inHand;

    public bool Idle => Volatile.Read(ref _inHand) == 0;

    public bool HasRoom => Volatile.Read(ref _inHand) < inFlight;

    public void Take() => Interlocked.Increment(ref _inHand);

    public void Release()
    {
        Interlocked.Decrement(ref _inHand);
        wake.Set();
    }
}
