namespace PartsWorker.Client.Tests.Support;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("partsworker-").FullName;

    public string File(string pattern) => Assert.Single(Directory.GetFiles(Path, pattern));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
