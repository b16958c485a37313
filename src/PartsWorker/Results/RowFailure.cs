using PartsWorker.Failures;

namespace PartsWorker.Results;

/// <summary>A row that the database refuses permanently, by its index in the list passed to <see cref="ResultWriter"/>.</summary>
internal sealed record RowFailure(int Index, PartFailureException Error);
