namespace PartsWorker.Serving;

/// <summary>One row of table <c>serving</c>: which models classify.</summary>
/// <param name="Active">Model key, or null until one is activated.</param>
/// <param name="Shadow">Model key of the shadow model, or null.</param>
/// <param name="ShadowShare">Share of live images that the shadow model classifies, 0..1.</param>
internal readonly record struct ServingState(string? Active, string? Shadow, double ShadowShare);

/// <summary>Reads the pointer in PostgreSQL; a fake in tests.</summary>
internal interface IServingPointer
{
    Task<ServingState> ReadAsync(CancellationToken cancellation);
}
