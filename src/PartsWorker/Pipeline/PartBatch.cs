using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>Parts that go through one model together. Order is the order of arrival, live before reprocess.</summary>
internal sealed class PartBatch(IServedModel model, int capacity)
{
    public IServedModel Model { get; } = model;

    public List<Part> Parts { get; } = new(capacity);

    /// <summary>Why no further part was waited for: full, idle, linger, model or end.</summary>
    public string CutBy { get; set; } = "full";
}
