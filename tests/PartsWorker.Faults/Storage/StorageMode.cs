namespace PartsWorker.Faults.Storage;

/// <summary>How the image server behaves.</summary>
internal enum StorageMode
{
    Well,
    Errors,
    Slow,
    Silent,
}
