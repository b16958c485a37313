namespace PartsWorker.Reprocessing;

/// <summary>What a person asked for: this model, over this window, where this holds.</summary>
/// <param name="Model">Key of the model that shall judge.</param>
/// <param name="From">First moment of the window.</param>
/// <param name="To">End of the window, not included.</param>
/// <param name="Filter">The other conditions.</param>
internal sealed record ReprocessRequest(string Model, DateTimeOffset From, DateTimeOffset To, ReprocessFilter Filter);
