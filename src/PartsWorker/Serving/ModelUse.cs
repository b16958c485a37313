namespace PartsWorker.Serving;

/// <summary>Counts the uses of a loaded model, starting with the rack's own; the last release unloads it.</summary>
internal sealed class ModelUse(IServedModel model)
{
    private int _uses = 1;

    public IServedModel Model { get; } = model;

    /// <returns>Null when the model was retired and its last use has ended.</returns>
    public ModelLease? TryLease() => TryHold() ? new ModelLease(this) : null;

    /// <summary>Adds a use, which <see cref="Release"/> ends; false when the last use has already ended.</summary>
    public bool TryHold()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            if (uses == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);

        return true;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            Model.Dispose();
        }
    }
}
