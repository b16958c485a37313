using PartsWorker.Failures;

namespace PartsWorker.Results;

/// <summary>A row the database will never take, by its place in the list that was given to <see cref="ResultWriter"/>.</summary>
internal sealed record RowFailure(int Index, PartFailureException Error);
