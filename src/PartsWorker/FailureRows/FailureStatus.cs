namespace PartsWorker.FailureRows;

/// <summary>Where a message that failed is now.</summary>
internal enum FailureStatus
{
    /// <summary>In a retry queue.</summary>
    Retried,

    /// <summary>Among the dead letters.</summary>
    Dead,

    /// <summary>Replayed to its lane.</summary>
    Waiting,

    /// <summary>Deleted from the dead letters.</summary>
    Removed,
}

internal static class FailureStatusNames
{
    /// <summary>As written to SQL: <c>retried</c>.</summary>
    public static string ToColumn(this FailureStatus status) => status switch
    {
        FailureStatus.Retried => "retried",
        FailureStatus.Dead => "dead",
        FailureStatus.Waiting => "waiting",
        FailureStatus.Removed => "removed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
