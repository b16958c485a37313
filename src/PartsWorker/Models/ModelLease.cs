namespace PartsWorker.Models;

/// <summary>Keeps a model loaded while a part needs it; the last lease of a retired model unloads it.</summary>
internal sealed class ModelLease(ModelUse use) : IDisposable
{
    private ModelUse? _use = use;

    public IServedModel Model { get; } = use.Model;

    public void Dispose() => Interlocked.Exchange(ref _use, null)?.Release();
}
