namespace PartsWorker.Faults.Storage;

/// <summary>How the image server behaves.</summary>
internal enum StorageMode
{
    Healthy,
    Errors,
    Slow,
    Silent,
}
