using PartsWorker.Trainer.Synthesis.Junk;

namespace PartsWorker.Trainer.Tests;

public sealed class LoopErrorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-loop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_error_of_the_threads_of_a_loop_is_that_of_the_first()
    {
        foreach (var kind in JunkKind.All)
        {
            File.WriteAllText(Path.Combine(_folder, kind.Name), "in the way of a folder");
        }

        var error = Assert.Throws<AggregateException>(() => new JunkSet(Count: 6, Seed: 1, Threads: 2).Write(_folder));
        var first = Assert.IsType<IOException>(LoopErrors.First(error, inner => inner is IOException));
        Assert.Contains(_folder, first.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Junk_is_not_drawn_if_its_folder_cannot_be_created()
    {
        var file = Path.Combine(_folder, "junk");
        File.WriteAllText(file, "a file");
        var error = Assert.Throws<IOException>(() => new JunkSet(Count: 1, Seed: 1, Threads: 1).Write(file));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unexpected_error_is_not_hidden_by_others()
    {
        var mixed = new AggregateException(new IOException(), new AggregateException(new InvalidOperationException()));
        Assert.Null(LoopErrors.First(mixed, error => error is IOException));
        Assert.Null(LoopErrors.First(new InvalidOperationException(), error => error is IOException));
    }
}
