using System.Diagnostics;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

/// <summary>Kills the real process with SIGKILL, which has the same effect as a power cut.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const int Steps = 200;
    private const int CheckpointEvery = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_killed_at_any_point_ends_at_the_weights_of_an_uninterrupted_run()
    {
        new Synthesizer(new SynthesisPlan { Classes = 3, PerClass = 8, Size = 32, Threads = 1 }, Path.Combine(_folder, "data")).Run();
        using (var whole = Train("whole"))
        {
            WaitForEnd(whole);
        }

        // Before the first checkpoint, soon after it, and in the middle of the run. Each killed process leaves its lock file.
        foreach (var step in new[] { 0, CheckpointEvery, Steps / 2 })
        {
            KillAfter(step);
        }

        using (var last = Train("killed"))
        {
            WaitForEnd(last);
        }

        Assert.Equal(Steps, Checkpoint.LoadHeader(CheckpointOf("killed")).Progress.Step);
        Assert.Equal(SavedNumbers.Of(CheckpointOf("whole")), SavedNumbers.Of(CheckpointOf("killed")));
    }

    private void KillAfter(int step)
    {
        using var process = Train("killed");
        var csv = Path.Combine(_folder, "killed", "stage1.csv");
        var watch = Stopwatch.StartNew();
        while (LastStep(csv) <= step && !process.HasExited && watch.Elapsed < Patience)
        {
            Thread.Sleep(2);
        }

        process.Kill();
        process.WaitForExit();
        Assert.True(File.Exists(Path.Combine(_folder, "killed", "run.lock")));
        Assert.True(
            process.ExitCode == 128 + 9,
            $"exit code {process.ExitCode} at step {LastStep(csv)}: the run ended before it was killed");
    }

    private static int LastStep(string csv)
    {
        try
        {
            return File.Exists(csv) && int.TryParse(File.ReadLines(csv).LastOrDefault(string.Empty).Split(',')[0], out var step)
                ? step
                : -1;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private Process Train(string run)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            typeof(TrainingLoop).Assembly.Location, "train", "--data", Path.Combine(_folder, "data"), "--split", "train",
            "--run", Path.Combine(_folder, run), "--stage", "one", "--backbone", "resnet18t", "--width", "0.125", "--size", "32",
            "--embedding", "16", "--batch", "8", "--threads", "1", "--validation", "0",
            "--steps", $"{Steps}", "--checkpoint-every", $"{CheckpointEvery}",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void WaitForEnd(Process process)
    {
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail("the run did not end");
        }

        Assert.Equal(0, process.ExitCode);
    }

    private string CheckpointOf(string run) => StageRun.CheckpointOf(Path.Combine(_folder, run), Stage.One);
}
