using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public sealed class DependencyTests
{
    private readonly ManualTime _time = new();
    private readonly WorkerState _state;
    private readonly Dependency _storage;

    public DependencyTests()
    {
        _state = new WorkerState(_time);
        _storage = new Dependency("storage", 3, _state, _time, NullLogger<Dependency>.Instance);
    }

    [Fact]
    public void It_is_down_after_as_many_failures_in_a_row_as_its_threshold_and_up_after_one_success()
    {
        Fail(2);
        _storage.ReportSuccess();
        Fail(2);
        Assert.False(_storage.IsDown);
        Assert.DoesNotContain("storage", _state.Problems.Keys);

        Fail(1);
        Assert.True(_storage.IsDown);
        Assert.Equal("no route", _state.Problems["storage"]);

        _storage.ReportSuccess();
        Assert.False(_storage.IsDown);
        Assert.DoesNotContain("storage", _state.Problems.Keys);
    }

    [Fact]
    public void Nobody_pauses_while_it_is_up()
    {
        Fail(2);

        Assert.True(_storage.PauseAsync(default).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(3, 0.25, 0.5)]
    [InlineData(4, 0.5, 1)]
    [InlineData(100, 7.5, 15)]
    public async Task While_it_is_down_the_pause_doubles_up_to_fifteen_seconds(int failures, double least, double most)
    {
        Fail(failures);
        var pause = _storage.PauseAsync(default);

        _time.Advance(TimeSpan.FromSeconds(least) - TimeSpan.FromMilliseconds(1));
        Assert.False(pause.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(most - least) + TimeSpan.FromMilliseconds(1));
        await pause.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _storage.ReportFailure("no route");
        }
    }
}
