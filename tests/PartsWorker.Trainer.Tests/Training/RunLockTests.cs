using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_trainer_in_a_run_folder_is_refused_with_one_line()
    {
        using var held = RunLock.Take(_folder);
        var error = Assert.Throws<UserErrorException>(() => RunLock.Take(_folder));
        Assert.Equal($"{_folder}: another partstrainer trains in this folder; wait until it ends, or choose another --run", error.Message);
    }

    [Fact]
    public void A_lock_file_that_nobody_holds_keeps_nobody_out()
    {
        RunLock.Take(_folder).Dispose();
        Assert.Single(Directory.EnumerateFiles(_folder));
        RunLock.Take(_folder).Dispose();
    }
}
