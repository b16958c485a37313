using System.Collections.Concurrent;
using PartsWorker.Intake;

namespace PartsWorker.Tests.Support;

/// <summary>Remembers what was settled.</summary>
internal sealed class FakeAcknowledger : IAcknowledger
{
    public ConcurrentQueue<ulong> Tags { get; } = new();

    public bool IsLost { get; set; }

    public void Settled(ulong tag) => Tags.Enqueue(tag);
}
