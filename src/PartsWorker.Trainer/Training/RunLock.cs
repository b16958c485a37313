namespace PartsWorker.Trainer.Training;

/// <summary>Keeps a second trainer out of a run folder. The operating system releases it with the process, however that ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="UserErrorException">Another trainer has the folder.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            return new RunLock(
                new FileStream(Path.Combine(folder, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new UserErrorException(
                $"{folder}: another partstrainer trains in this folder; wait until it ends, or choose another --run", 1, error);
        }
    }

    public void Dispose() => _file.Dispose();
}
