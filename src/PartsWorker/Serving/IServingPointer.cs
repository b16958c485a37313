namespace PartsWorker.Serving;

/// <summary>What SQL says about who answers.</summary>
/// <param name="Active">Model key, or null until one is activated.</param>
/// <param name="Shadow">Model key that judges along, or null.</param>
/// <param name="ShadowShare">Share of live images the shadow judges, 0..1.</param>
internal readonly record struct ServingState(string? Active, string? Shadow, double ShadowShare);

/// <summary>Reads the pointer in PostgreSQL; a fake in tests.</summary>
internal interface IServingPointer
{
    Task<ServingState> ReadAsync(CancellationToken cancellation);
}
