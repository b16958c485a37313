using PartsWorker.Harness.Processes;

namespace PartsWorker.IntegrationTests.Measuring;

/// <summary>The short form of the soak with kills; the long one has a million messages.</summary>
[Collection("bench")]
public sealed class SoakTests : IDisposable
{
    private readonly DirectoryInfo _pictures = Directory.CreateTempSubdirectory();

    public void Dispose() => _pictures.Delete(recursive: true);

    [Fact]
    public async Task Workers_that_are_killed_every_second_lose_and_repeat_nothing()
    {
        string[] words = ["soak", "--images", _pictures.FullName, "--messages", "15000", "--workers", "2", "--kill-every", "1"];
        using var bench = new Launch(Programs.Bench, words).Start();

        await bench.ExitAsync();

        Assert.Contains("15000 messages, 15000 rows of 15000 images, 2 workers (killed ", bench.Text, StringComparison.Ordinal);
    }
}
