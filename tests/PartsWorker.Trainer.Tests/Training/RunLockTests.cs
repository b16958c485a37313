using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_trainer_in_a_run_folder_is_rejected_with_one_line()
    {
        using var held = RunLock.Acquire(_folder);
        var error = Assert.Throws<UserErrorException>(() => RunLock.Acquire(_folder));
        Assert.Equal($"{_folder}: another partstrainer is using this folder; wait for it to end, or choose another --run", error.Message);
    }

    [Fact]
    public void A_lock_file_of_an_ended_run_does_not_lock_the_folder()
    {
        RunLock.Acquire(_folder).Dispose();
        Assert.Single(Directory.EnumerateFiles(_folder));
        RunLock.Acquire(_folder).Dispose();
    }
}
