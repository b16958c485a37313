using PartsWorker.Harness.Processes;

namespace PartsWorker.IntegrationTests.Trainer;

public sealed class StoppedCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_command_that_is_stopped_says_so_in_one_line()
    {
        var parts = Path.Combine(_folder.FullName, "parts");
        using var trainer = new Launch(Programs.Trainer, ["synthesize", "--out", parts, "--per-class", "1000"]).Start();
        while (!Directory.Exists(parts) || !Directory.EnumerateFiles(parts, "*.png", SearchOption.AllDirectories).Any())
        {
            Assert.False(trainer.HasExited, trainer.Text);
            await Task.Delay(50);
        }

        trainer.Terminate();

        Assert.Equal(1, await trainer.ExitAsync());
        Assert.Contains("partstrainer: stopped", trainer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", trainer.Text, StringComparison.Ordinal);
    }
}
