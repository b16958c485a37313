using System.Text.Json.Serialization;

namespace PartsWorker.Client;

/// <summary>The queue a reference waits in. Two queues instead of priorities put live work first on every broker version.</summary>
public enum Lane
{
    /// <summary>Images of the running shift.</summary>
    [JsonStringEnumMemberName("live")]
    Live,

    /// <summary>Images classified again by a newer model; uses the capacity that live work leaves free.</summary>
    [JsonStringEnumMemberName("reprocess")]
    Reprocess,
}
