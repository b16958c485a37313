using PartsWorker.Pipeline.Scheduling;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>Parts that go through one model together, in order of arrival, live before reprocess.</summary>
internal sealed class PartBatch(IServedModel model, int capacity)
{
    public IServedModel Model { get; } = model;

    public List<Part> Parts { get; } = new(capacity);

    /// <summary>Set when the batch is cut.</summary>
    public CutReason CutBy { get; set; }
}
