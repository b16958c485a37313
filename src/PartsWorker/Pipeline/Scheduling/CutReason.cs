namespace PartsWorker.Pipeline.Scheduling;

/// <summary>Why a batch was cut instead of waiting for more parts.</summary>
internal enum CutReason
{
    /// <summary>It holds as many parts as the model takes.</summary>
    Full,

    /// <summary>The device had nothing to do.</summary>
    Idle,

    /// <summary>The device was busy but had room for a second batch, and the batch had waited long enough.</summary>
    Linger,

    /// <summary>The next live part belongs to another model.</summary>
    Model,
}

internal static class CutReasonNames
{
    /// <summary>As the metric <c>parts.batch.size</c> names it: <c>linger</c>.</summary>
    public static string ToTag(this CutReason reason) => reason switch
    {
        CutReason.Full => "full",
        CutReason.Idle => "idle",
        CutReason.Linger => "linger",
        CutReason.Model => "model",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
