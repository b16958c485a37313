namespace PartsWorker.Serving;

/// <summary>Keeps a model loaded while a part needs it; the last lease of a retired model unloads it. Dispose it only once.</summary>
internal readonly struct ModelLease(ModelUse use) : IDisposable
{
    public IServedModel Model => use.Model;

    public void Dispose() => use.Release();
}
