namespace PartsWorker.Serving;

/// <summary>Counts who uses a loaded model; starts with the rack's own use.</summary>
internal sealed class ModelUse(IServedModel model)
{
    private int _uses = 1;

    public IServedModel Model { get; } = model;

    /// <returns>Null when the model was retired and its last user has gone.</returns>
    public ModelLease? TryLease() => TryHold() ? new ModelLease(this) : null;

    /// <summary>One more user, who must call <see cref="Release"/>; false when the last one has gone.</summary>
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
