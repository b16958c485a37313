using PartsWorker.Bench.Ceilings;

namespace PartsWorker.Tests.Bench;

public sealed class ModelContestTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);
    private readonly List<ModelLoad> _run = [];

    [Fact]
    public void A_load_that_was_lucky_in_short_looks_is_not_the_ceiling()
    {
        var contest = Held((load, looks) => load.Batch == 2 ? (looks <= ModelContest.Rounds ? 40 : 30) : 30 + load.Batch);

        Assert.Equal(8, contest.Best.Batch);
        Assert.Equal(30, contest.Rates[Load(2)].ImagesPerSecond);
    }

    [Fact]
    public void Loads_run_in_turn_and_only_the_quickest_run_in_the_second_heat()
    {
        Held((load, _) => load.Batch);

        Assert.Equal([1, 2, 3, 4, 5, 8], _run.Take(6).Select(l => l.Batch));
        Assert.Equal([8, 5, 4, 3, 8, 5, 4, 3], _run.Skip(18).Take(8).Select(l => l.Batch));
        Assert.Equal(18 + (ModelContest.Finalists * 5), _run.Count);
    }

    [Fact]
    public void One_image_at_a_time_is_the_quickest_way_for_one_image()
    {
        var contest = new ModelContest(
            (load, _) => new Rate(load switch { { Batch: 1, AtOnce: 1, Way: 1 } => 20, { AtOnce: 1 } => 10, _ => 90 }, 1));

        contest.Run([Load(1), new(1, 1, 1), new(1, 1, 2), Load(2)], 5, Window);

        Assert.Equal(new ModelLoad(1, 1, 1), contest.Single);
    }

    private static ModelLoad Load(int batch) => new(0, batch, 1);

    private ModelContest Held(Func<ModelLoad, int, double> speed)
    {
        var contest = new ModelContest((load, _) =>
        {
            _run.Add(load);
            return new Rate(speed(load, _run.Count(l => l == load)), 1);
        });
        contest.Run([Load(1), Load(2), Load(3), Load(4), Load(5), Load(8)], 5, Window);
        return contest;
    }
}
