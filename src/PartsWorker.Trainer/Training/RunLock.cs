namespace PartsWorker.Trainer.Training;

/// <summary>
/// Prevents two trainers from using one run folder. The operating system releases the lock when the process ends, even after a crash.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="UserErrorException">Another trainer uses the folder.</exception>
    public static RunLock Acquire(string folder)
    {
        try
        {
            return new RunLock(
                new FileStream(Path.Combine(folder, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new UserErrorException(
                $"{folder}: another partstrainer is using this folder; wait for it to end, or choose another --run", 1, error);
        }
    }

    public void Dispose() => _file.Dispose();
}
